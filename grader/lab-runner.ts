import Mocha from "mocha";
import type { EventListener, Pace, Program, RunResult, Seed, Selection } from "../harness/index.ts";
import { useSettings } from "../labs/settings.ts";
import type { Suite } from "../labs/suites.ts";

/** One run that is asked for. */
export interface LabRun {
	/** The test's name. */
	readonly test: string;
	readonly seed: Seed;
	/** Keeps the journal. */
	readonly journal?: boolean;
	/** Keeps console lines and stack traces. */
	readonly explain?: boolean;
	readonly invariants?: boolean;
	readonly listener?: EventListener;
	readonly pace?: Pace;
	/** See the harness's RunOptions. */
	readonly stepLimitMs?: number;
	/** See the harness's RunOptions. */
	readonly selection?: Selection;
	/** See the harness's RunOptions. */
	readonly limitMs?: number;
}

/** What came of a run, and what it cost. */
export interface LabOutcome extends RunResult {
	readonly test: string;
	readonly seed: Seed;
	readonly wallMs: number;
}

/** Mocha suites, loaded once, whose tests can be run one by one, as often as one likes. */
export class LabRunner {
	readonly #mocha: Mocha;

	private constructor(mocha: Mocha) {
		this.#mocha = mocha;
	}

	/** Loads suites. Once a process: the modules of a suite declare their tests when they are first imported. */
	static async load(suites: readonly Suite[]): Promise<LabRunner> {
		const mocha = new Mocha({ reporter: Silent as unknown as Mocha.ReporterConstructor, timeout: 0 });
		mocha.cleanReferencesAfterRun(false);
		for (const { name, load } of suites) {
			// What Mocha's own loader does, but with import() alone: it prefers require(), which would give the suites a second
			// instance of every module that the grader imports.
			mocha.suite.emit("pre-require", globalThis, name, mocha);
			mocha.suite.emit("require", await load(), name, mocha);
			mocha.suite.emit("post-require", globalThis, name, mocha);
		}
		return new LabRunner(mocha);
	}

	/** The names of the tests, in order. */
	tests(): string[] {
		const names: string[] = [];
		this.#mocha.suite.eachTest((test) => {
			names.push(test.title);
		});
		return names;
	}

	/**
	 * Runs one test.
	 *
	 * @throws what the test threw, if that is no verdict on the target: the test, or the harness, is at fault.
	 */
	async run(program: Program, run: LabRun): Promise<LabOutcome> {
		let result: RunResult | undefined;
		const { test, seed, ...rest } = run;
		useSettings({
			program,
			seedOf: () => seed,
			...rest,
			onResult: (_test, _seed, outcome) => {
				result = outcome;
			},
		});
		const beganMs = performance.now();
		const error = await this.#runMocha(test);
		const wallMs = performance.now() - beganMs;
		if (result === undefined) throw error ?? new Error(`there is no test ${test}`);
		return { test, seed, wallMs, ...result };
	}

	#runMocha(test: string): Promise<Error | undefined> {
		this.#mocha.grep(new RegExp(`(^| )${test.replaceAll(/[^\w ]/g, "\\$&")}$`));
		return new Promise((resolve) => {
			let error: Error | undefined;
			const runner = this.#mocha.run(() => resolve(error));
			runner.on("fail", (_test, thrown: Error) => {
				error = thrown;
			});
		});
	}
}

/** Mocha wants a reporter; the grader has reports of its own. */
class Silent {}
