import { Advisor } from "./advice.ts";
import { Cluster } from "./cluster.ts";
import type { EventListener } from "./events.ts";
import { LabFailure } from "./failure.ts";
import { FigureKeeper, type Figures } from "./figures.ts";
import { watchInvariants } from "./invariants/index.ts";
import { Journal } from "./journal.ts";
import type { Program } from "./machine/program.ts";
import { Servers } from "./servers.ts";
import type { Pace } from "./sim/pace.ts";
import { type Schedule, type Seed, scheduleOf } from "./sim/seed.ts";
import type { Selection } from "./sim/selection.ts";
import { Simulation } from "./sim/simulation.ts";

/** What decides a run, and what is to be kept of it. */
export interface RunOptions {
	readonly program: Program;
	readonly seed: Seed;
	/** By default the seed decides: see {@link scheduleOf}. */
	readonly schedule?: Schedule | undefined;
	/** How many servers. */
	readonly servers: number;
	/** Whether the network loses and delays messages from the start. */
	readonly unreliable?: boolean | undefined;
	/** Whether the service makes snapshots. */
	readonly snapshots?: boolean | undefined;
	/** Whether the safety invariants are checked at every event, beside what the test itself checks. On by default. */
	readonly invariants?: boolean | undefined;
	/** Keeps the journal. Off by default. */
	readonly journal?: boolean | undefined;
	/** Keeps console and debug lines, and the stack traces of errors: for explaining a run, not for judging one. Off by default. */
	readonly explain?: boolean | undefined;
	/** Hears of every event. */
	readonly listener?: EventListener | undefined;
	/** Ties virtual time to the wall clock. */
	readonly pace?: Pace | undefined;
	/** For a run that is known to hang: real milliseconds after which a step of a machine is broken off. By default never. */
	readonly stepLimitMs?: number | undefined;
	/** Which choices keep what was drawn, and who hears of them. By default all do. For one run only. */
	readonly selection?: Selection | undefined;
	/** Virtual milliseconds after which the run fails as one that takes too long. By default the labs' limit, which is also the most. */
	readonly limitMs?: number | undefined;
}

/** What came of a run. */
export interface RunResult {
	/** Why it failed; undefined if it passed. */
	readonly failure: LabFailure | undefined;
	readonly figures: Figures;
	/** What a student should know although it fails nothing. */
	readonly warnings: readonly string[];
	/** Present if it was asked for. */
	readonly journal: Journal | undefined;
}

/**
 * Runs one test: makes a cluster, lets `body` test it, and says what came of it. The same options give the same run.
 *
 * @throws what `body` throws, if it is no verdict on the submission (a {@link LabFailure}, or an AssertionError of Chai's).
 */
export async function runTest(options: RunOptions, body: (cluster: Cluster) => Promise<void>): Promise<RunResult> {
	const { program, seed, servers: size, pace, schedule = scheduleOf(seed) } = options;
	const isExplained = options.explain === true;
	const { selection, limitMs } = options;
	const sim = new Simulation({ seed, schedule, pace, selection, limitMs, withStacks: isExplained });
	const figures = new FigureKeeper(sim.events, size);
	const advisor = new Advisor(sim.events);
	const warnings: string[] = [];
	sim.events.on((event) => {
		if (event.kind === "warning") warnings.push(event.text);
	});
	const journal = options.journal === true ? new Journal() : undefined;
	journal?.listenTo(sim.events);
	if (options.listener !== undefined) sim.events.on(options.listener);
	if (options.invariants !== false) watchInvariants(sim);

	const withSnapshots = options.snapshots === true;
	const servers = new Servers(sim, {
		program,
		size,
		withSnapshots,
		withLog: isExplained,
		withStacks: isExplained,
		stepLimitMs: options.stepLimitMs,
	});
	servers.network.isReliable = options.unreliable !== true;
	const cluster = new Cluster(sim, servers, figures);
	try {
		await sim.run(() => test(cluster, body));
	} finally {
		servers.dispose();
	}
	const { rpcs, bytes, agreements, elections } = figures;
	return {
		failure: sim.failure,
		figures: { virtualMs: sim.nowMs, servers: size, rpcs, bytes, agreements, elections },
		warnings: [...warnings, ...advisor.sentences()],
		journal,
	};
}

async function test(cluster: Cluster, body: (cluster: Cluster) => Promise<void>): Promise<void> {
	try {
		for (let i = 0; i < cluster.size; i++) cluster.start(i);
		for (let i = 0; i < cluster.size; i++) cluster.connect(i);
		await body(cluster);
	} catch (error) {
		throw isAssertion(error) ? toFailure(error) : error;
	}
}

function isAssertion(error: unknown): error is Error & { expected?: unknown; actual?: unknown } {
	return error instanceof Error && error.name === "AssertionError";
}

/** A Chai assertion, as a verdict. Its check is its message without the figures, which differ between failures of one kind. */
function toFailure(error: Error & { expected?: unknown; actual?: unknown }): LabFailure {
	const check = `assertion: ${error.message.replaceAll(/\d+/g, "#")}`;
	const { expected, actual } = error;
	return new LabFailure(check, error.message, {
		...(expected === undefined ? {} : { expected: String(expected) }),
		...(actual === undefined ? {} : { actual: String(actual) }),
	});
}
