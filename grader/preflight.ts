import { type Program, parseSeed, runTest, TargetError } from "../harness/index.ts";

/**
 * Starts a cluster of the target's servers and does nothing with it: a target that cannot even do that is unusable, and no
 * test needs to say so.
 *
 * @throws TargetError if loading the module or make() goes wrong.
 */
export async function preflight(
	program: Program,
	describePlace: (file: string, line: number) => string,
): Promise<void> {
	const { failure } = await runTest({ program, seed: parseSeed("0"), servers: 3, explain: true }, async () => {});
	if (failure === undefined) return;
	const [place] = failure.details.places ?? [];
	const where = place === undefined ? "" : ` (${describePlace(place.file, place.line)})`;
	throw new TargetError(`${failure.message}${where}`);
}
