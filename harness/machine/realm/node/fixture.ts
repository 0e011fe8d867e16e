import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { buildSync } from "esbuild";

/** For the tests: bundles an entry file of this folder the way that a realm's runtime is. */
export function bundle(entry: string, minify = false): string {
	const { outputFiles } = buildSync({
		entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
		bundle: true,
		write: false,
		format: "iife",
		globalName: "bundled",
		platform: "neutral",
		mainFields: ["module", "main"],
		target: "node20",
		minify,
	});
	return outputFiles[0]?.text ?? "";
}

/** A context as a machine has it: the language and nothing else. */
export function bareContext(): vm.Context {
	return vm.createContext(Object.create(null), {
		microtaskMode: "afterEvaluate",
		codeGeneration: { strings: false, wasm: false },
	});
}

let script: vm.Script | undefined;

/** A bare context with these modules over a core that a test can steer. */
export class Realm {
	readonly #context = bareContext();

	constructor() {
		script ??= new vm.Script(bundle("./fake-core.ts"), { filename: "realm.js" });
		script.runInContext(this.#context);
	}

	/** Runs the body of a function inside and hands out what it returns, as JSON carries it. */
	run(body: string): unknown {
		const json: unknown = this.raw(`JSON.stringify((() => { ${body} })())`);
		return json === undefined ? undefined : JSON.parse(String(json));
	}

	/** The value of an expression inside, for what JSON would not carry. */
	raw(expression: string): unknown {
		return vm.runInContext(expression, this.#context);
	}

	/** A function inside, given as source, to be called with primitives and to answer with one. */
	callable<Args extends (string | number | boolean)[]>(source: string): (...args: Args) => unknown {
		return this.raw(`(${source})`) as (...args: Args) => unknown;
	}

	/** Runs the body of an async function inside, and time with it, until it is done or `forMs` have gone by. */
	settle(body: string, forMs = 10_000): unknown {
		this.raw(`globalThis.outcome = undefined;
			(async () => { ${body} })().then(
				(value) => { outcome = JSON.stringify({ value }); },
				(error) => { outcome = JSON.stringify({ error: String(error) }); },
			);`);
		const until = Number(this.raw("core.env.now()")) + forMs;
		while (this.raw("outcome") === undefined && this.raw(`core.step(${until})`));
		const outcome = this.raw("outcome");
		if (outcome === undefined) throw new Error(`not settled after ${forMs} ms of virtual time`);
		const { value, error } = JSON.parse(String(outcome));
		if (error !== undefined) throw new Error(error);
		return value;
	}

	/** Lets virtual time go by. */
	advance(ms: number): void {
		const until = Number(this.raw("core.env.now()")) + ms;
		while (this.raw(`core.step(${until})`));
	}

	/** What was logged so far. */
	get logs(): { level: string; text: string }[] {
		return JSON.parse(String(this.raw("JSON.stringify(core.logs)")));
	}
}
