/**
 * What the tests' surroundings may not decide: whether our output is coloured or rewrites its lines. A CI sets CI, GITHUB_… or
 * FORCE_COLOR, a developer has a terminal; a test sees the same plain output under each. One that wants a terminal says so itself.
 */
for (const name of Object.keys(process.env)) {
	if (/^(CI|FORCE_COLOR|NO_COLOR|GITHUB_.*)$/.test(name)) delete process.env[name];
}
// Not NO_COLOR: Node warns in each child that is given both.
process.env.TERM = "dumb";
