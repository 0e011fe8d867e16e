import { Console } from "node:console";
import { Writable } from "node:stream";
import { expect } from "chai";
import { Realm } from "./fixture.ts";

describe("console", () => {
	/** What Node's own console prints for the same calls. */
	function printedHere(use: (console: Console) => void): string {
		let printed = "";
		const stream = new Writable({
			write(chunk, _encoding, done) {
				printed += chunk;
				done();
			},
		});
		use(new Console({ stdout: stream, stderr: stream, colorMode: false }));
		return printed;
	}

	function logsOf(body: string): { level: string; text: string }[] {
		const realm = new Realm();
		realm.run(body);
		return realm.logs;
	}

	it("keeps the level of a line", () => {
		expect(
			logsOf(
				`for (const level of ["log", "info", "debug", "warn", "error"]) console[level]("%s at %d", level, 1, { a: [1] })`,
			),
		).to.deep.equal(
			["log", "info", "debug", "warn", "error"].map((level) => ({ level, text: `${level} at 1 { a: [ 1 ] }` })),
		);
	});

	it("does not even format what nobody reads", () => {
		const body = `core.mute(); console.log({ get [Symbol.toStringTag]() { throw new Error("looked at"); } });`;
		expect(logsOf(body)).to.deep.equal([]);
	});

	it("prints what Node prints", () => {
		const calls = `
			console.log();
			console.log("100%", 5);
			console.group("group", 1);
			console.log("two\\nlines", new Map([[1, { a: 1 }]]));
			console.group();
			console.warn("deeper");
			console.groupEnd();
			console.groupEnd();
			console.groupEnd();
			console.assert(true, "never");
			console.assert(false);
			console.assert(false, "why %s", 1);
			console.count();
			console.count("x");
			console.count("x");
			console.countReset("x");
			console.count("x");
			console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
			console.table(5);
		`;
		const printed = logsOf(calls)
			.map(({ text }) => `${text}\n`)
			.join("");
		expect(printed).to.equal(printedHere((console) => new Function("console", calls)(console)));
	});

	it("shows an object that an assertion is given, as Node does since 22", () => {
		expect(logsOf("console.assert(false, { a: 1 })")).to.deep.equal([
			{ level: "warn", text: "Assertion failed { a: 1 }" },
		]);
	});

	it("prints tables", () => {
		const [rows, list, map, some] = logsOf(`
			console.table([{ term: 1, votes: [1, 2] }, { term: 22, leader: true }]);
			console.table(["x", { a: 1 }]);
			console.table(new Map([["k", "v"]]));
			console.table([{ a: 1, b: 2 }], ["b"]);
		`).map(({ text }) => text);
		expect(rows).to.equal(
			[
				"┌─────────┬──────┬──────────┬────────┐",
				"│ (index) │ term │ votes    │ leader │",
				"├─────────┼──────┼──────────┼────────┤",
				"│ 0       │ 1    │ [ 1, 2 ] │        │",
				"│ 1       │ 22   │          │ true   │",
				"└─────────┴──────┴──────────┴────────┘",
			].join("\n"),
		);
		expect(list).to.include("│ 0       │   │ 'x'    │");
		expect(map).to.include("│ (iteration index) │ Key │ Values │");
		expect(some).to.include("│ (index) │ b │");
	});

	it("measures in virtual time", () => {
		const realm = new Realm();
		realm.run(`console.time("t"); console.time("t")`);
		realm.advance(12.3456);
		realm.run(`console.timeLog("t", { a: 1 })`);
		realm.advance(2000);
		realm.run(`console.timeEnd("t")`);
		realm.run(`console.time("t")`);
		realm.advance(61_500);
		realm.run(`console.timeEnd("t"); console.timeEnd("t")`);
		expect(realm.logs.map(({ text }) => text)).to.deep.equal([
			"Warning: Label 't' already exists for console.time()",
			"t: 12.346ms { a: 1 }",
			"t: 2.012s",
			"t: 1:01.500 (m:ss.mmm)",
			"Warning: No such label 't' for console.timeEnd()",
		]);
	});

	it("traces where it was called", () => {
		const [line] = logsOf(`function here() { console.trace("at %d", 1); } here();`);
		expect(line?.level).to.equal("error");
		expect(line?.text.split("\n")[0]).to.equal("Trace: at 1");
		expect(line?.text.split("\n")[1]).to.include("at here");
	});

	it("has methods that work by themselves, and is a module too", () => {
		expect(
			logsOf(`const { log } = console; log("free"); require("node:console").log("same")`).map(({ text }) => text),
		).to.deep.equal(["free", "same"]);
	});
});
