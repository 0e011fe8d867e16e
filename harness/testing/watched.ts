import type { Cluster } from "../cluster.ts";
import type { Program } from "../machine/program.ts";
import { observe, type Parts } from "./observe.ts";
import { puppets } from "./puppet.ts";

/** What a run failed with, as far as an invariant decides it. */
export interface Verdict {
	readonly check: string;
	readonly message: string;
	readonly servers: readonly number[] | undefined;
	readonly atMs: number;
}

/** How a run is set up: three servers, unless it says otherwise. */
interface Setting {
	readonly what?: Parts | Program;
	readonly servers?: number;
	readonly snapshots?: boolean;
}

/**
 * Runs servers (puppets, if it says nothing else) with the invariants watched, while the test looks at nothing: it does what
 * `body` does, and then sleeps for a second. Undefined if the run passed.
 */
export async function watched(
	setting: Setting,
	body: (cluster: Cluster) => Promise<void> | void = () => {},
): Promise<Verdict | undefined> {
	const { what = await puppets(), servers = 3, snapshots = false } = setting;
	const { failure } = await observe(what, { servers, snapshots, invariants: true }, async (cluster) => {
		await body(cluster);
		await cluster.sleep(1_000);
	});
	if (failure === undefined) return undefined;
	const { check, message, details, atMs } = failure;
	return { check, message, servers: details.servers, atMs };
}
