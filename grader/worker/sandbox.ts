/** What the process may do in which a submission runs: next to nothing. */

/** Everything a worker's environment holds. Local dates in console lines must not depend on where a run happens. */
export const WORKER_ENVIRONMENT: Readonly<Record<string, string>> = { TZ: "UTC", LANG: "C.UTF-8" };

/**
 * The options that Node is started with.
 *
 * Its permission model denies files (a worker reads its own code from its standard input, and so needs none at all), child processes, threads,
 * native add-ons, WASI, the inspector, and from Node 25 on the network.
 *
 * @param memoryMb - the size of V8's heap.
 * @param nodeVersion - as in `process.versions.node`.
 */
export function sandboxOptions(memoryMb: number, nodeVersion: string): string[] {
	return [
		hasStablePermissions(nodeVersion) ? "--permission" : "--experimental-permission",
		"--no-warnings",
		// In the worker's own realm, too, no code is made of text.
		"--disallow-code-generation-from-strings",
		`--max-old-space-size=${memoryMb}`,
		// Each run makes realms by the dozen and drops them. A large nursery lets most of them die there, and a worker for each core leaves none to a
		// collector with threads of its own: together they save a tenth of the time of a grading.
		"--single-threaded-gc",
		"--min-semi-space-size=32",
		"--max-semi-space-size=64",
	];
}

/** The permission model left its trial in Node 22.13 and 23.5. */
function hasStablePermissions(nodeVersion: string): boolean {
	const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
	return major >= 24 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
}
