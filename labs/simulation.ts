import { LabFailure, runTest } from "../harness/index.ts";
import type { LabBody, LabOptions } from "./lab.ts";
import { currentSettings } from "./settings.ts";

/**
 * Runs one test's body against the current target, in a simulation of its own; called by Mocha through `lab`.
 *
 * @throws LabFailure if the submission fails the test.
 */
export async function runInSimulation(
	id: string,
	options: LabOptions,
	body: LabBody,
	context: Mocha.Context,
): Promise<void> {
	// Mocha's clock is a real one; the simulation has limits of its own, in virtual time.
	context.timeout(0);
	const { program, seedOf, onResult, ...how } = await currentSettings();
	const seed = seedOf(id);
	const result = await runTest({ program, seed, ...options, ...how }, body);
	onResult?.(id, seed, result);
	const { failure } = result;
	if (failure === undefined) return;
	const when = `at ${(failure.atMs / 1000).toFixed(3)} s of virtual time, run ${id}@${seed}`;
	throw new LabFailure(failure.check, `${failure.message} (${when})`, failure.details);
}
