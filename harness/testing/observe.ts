import type { Cluster } from "../cluster.ts";
import type { SimulationEvent } from "../events.ts";
import type { LabFailure } from "../failure.ts";
import { fromText } from "../labrpc/codec.ts";
import type { Program } from "../machine/program.ts";
import type { RunOptions, RunResult } from "../run.ts";
import { runCluster } from "./cluster-run.ts";
import { submission } from "./submission.ts";

/** A server of which a test writes only what matters. */
export interface Parts {
	/** What stands at the top of the module. */
	readonly module?: string;
	/** What make() does: it has `peers`, `me`, `persister` and `applyCh`, and `tell(value)`, which lets the test know something. */
	readonly make?: string;
	/** Methods of the server; they replace those that do nothing, and see what make() declares. */
	readonly methods?: string;
}

/** The text of a submission with these parts. */
export function sourceOf({ module = "", make = "", methods = "" }: Parts): string {
	return `import { debug, decode, encode, sleep } from "raft-grade";
${module}
export function make(peers, me, persister, applyCh) {
	const tell = (value) => void peers[me].call("tell", value);
	${make}
	return {
		start: () => ({ index: -1, term: 1, isLeader: false }),
		getState: () => ({ term: 1, isLeader: false }),
		snapshot() {},
		kill() {},
		tell() {},
		${methods}
	};
}
`;
}

/** What came of a run. */
export interface Observation {
	readonly result: RunResult;
	readonly failure: LabFailure | undefined;
	readonly events: readonly SimulationEvent[];
	/** What the servers told, in order. */
	readonly told: readonly unknown[];
	/** What one server told. */
	toldBy(server: number): readonly unknown[];
}

type Options = Partial<Omit<RunOptions, "seed" | "program">> & { readonly seed?: string };

/** Runs a submission, by default on one server for 100 ms in the calm schedule, and listens to what it tells. */
export async function observe(
	what: Parts | string | Program,
	options: Options = {},
	body: (cluster: Cluster) => Promise<void> | void = (cluster) => cluster.sleep(100),
): Promise<Observation> {
	const program = await programOf(what);
	const result = await runCluster({ servers: 1, ...options, program }, body);
	const events = result.journal?.events ?? [];
	const told = events.flatMap((event) =>
		event.kind === "call" && event.method === "tell" ? [{ server: event.from, value: fromText(event.args) }] : [],
	);
	const toldBy = (server: number) => told.filter((one) => one.server === server).map(({ value }) => value);
	return { result, failure: result.failure, events, told: told.map(({ value }) => value), toldBy };
}

function programOf(what: Parts | string | Program): Program | Promise<Program> {
	if (typeof what === "string") return submission(what);
	return "submission" in what ? what : submission(sourceOf(what));
}

/** What a submission that must not fail tells. */
export async function toldBy(...[what, options, body]: Parameters<typeof observe>): Promise<readonly unknown[]> {
	const { failure, told } = await observe(what, options, body);
	if (failure !== undefined) throw failure;
	return told;
}
