import type { Cluster } from "../harness/index.ts";
import { entryOf, type TestId } from "./catalog.ts";
import { runInSimulation } from "./simulation.ts";

/** The cluster that a test asks for. */
export interface LabOptions {
	/** Number of servers. */
	servers: number;
	/** Whether the network starts out losing and delaying messages. Default: no. */
	unreliable?: boolean;
	/** Whether the service takes snapshots (part 2D). Default: no. */
	snapshots?: boolean;
}

/** A test: what happens to a fresh cluster, all of whose servers are started and connected. */
export type LabBody = (cluster: Cluster) => Promise<void>;

/**
 * Declares one test of the labs, inside a `describe`.
 *
 * @param id - its name in the catalogue, where its points, its story and the usual causes of a failure stand.
 */
export function lab(id: TestId | (string & {}), options: LabOptions, body: LabBody): void {
	const entry = entryOf(id);
	if (entry !== undefined && entry.servers !== options.servers) {
		throw new RangeError(`${id} asks for ${options.servers} servers, but the catalogue says ${entry.servers}`);
	}
	it(id, async function () {
		await runInSimulation(id, options, body, this);
	});
}
