import { type Program, parseSeed, runTest, TargetError } from "../../harness/index.ts";

/**
 * Starts a cluster of the target's servers and does nothing with it: a target that cannot even do that is unusable, and no
 * test needs to say so.
 *
 * @param stepLimitMs - see RunOptions.
 * @throws TargetError if loading the module or make() goes wrong.
 */
export async function preflight(
	program: Program,
	stepLimitMs: number | undefined,
	describePlace: (file: string, line?: number) => string,
): Promise<void> {
	const start = (explain: boolean) =>
		runTest({ program, seed: parseSeed("0"), servers: 3, explain, stepLimitMs }, async () => {});
	const { failure: first } = await start(false);
	if (first === undefined) return;
	// With stack traces now, for the place, unless it is known, as that of a hang is. No verdict is going to be made in this process any more.
	const isPlaced = (first.details.places ?? []).length > 0;
	const failure = isPlaced ? first : (await start(true)).failure;
	if (failure === undefined) throw new TargetError("the servers could not be started");
	const [place] = failure.details.places ?? [];
	const where = ` (${place === undefined ? describePlace(program.file) : describePlace(place.file, place.line)})`;
	throw new TargetError(`${failure.message}${where}`);
}
