import { AssertionError } from "chai";
import type { Cluster } from "../cluster.ts";
import type { SimulationEvent } from "../events.ts";
import type { LabFailure } from "../failure.ts";
import type { Journal } from "../journal.ts";
import { type RunOptions, type RunResult, runTest } from "../run.ts";
import { parseSeed } from "../sim/seed.ts";
import { puppets } from "./puppet.ts";

/** What a test may want otherwise than puppets, three of them, calm, without invariants. */
type Options = Partial<Omit<RunOptions, "seed">> & { readonly seed?: string };

/** Runs a body on a cluster. An assertion in the body that fails is thrown: it is about the cluster, not a verdict of its. */
export async function runCluster(
	options: Options,
	body: (cluster: Cluster) => Promise<void> | void,
): Promise<RunResult> {
	const { seed = "1", program = await puppets(), ...rest } = options;
	const defaults = { servers: 3, schedule: "calm", invariants: false, journal: true } as const;
	let assertion: unknown;
	const result = await runTest({ ...defaults, ...rest, program, seed: parseSeed(seed) }, async (cluster) => {
		try {
			await body(cluster);
		} catch (error) {
			if (error instanceof AssertionError) assertion = error;
			throw error;
		}
	});
	if (assertion !== undefined) throw assertion;
	return result;
}

/** Runs a body that must pass; returns what was told. */
export async function passes(
	body: (cluster: Cluster) => Promise<void> | void,
	options: Options = {},
): Promise<readonly SimulationEvent[]> {
	const { failure, journal } = await runCluster(options, body);
	if (failure !== undefined) throw failure;
	return (journal as Journal).events;
}

/** Runs a body that must fail; returns the failure. */
export async function fails(
	body: (cluster: Cluster) => Promise<void> | void,
	options: Options = {},
): Promise<LabFailure> {
	const { failure } = await runCluster(options, body);
	if (failure === undefined) throw new Error("the test passed, and should have failed");
	return failure;
}
