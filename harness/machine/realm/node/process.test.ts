import { expect } from "chai";
import { Realm } from "./fixture.ts";

describe("process", () => {
	it("tells virtual time", () => {
		const realm = new Realm();
		realm.advance(1234.5);
		expect(
			realm.run(`return [process.uptime(), process.hrtime(), process.hrtime([1, 0]), String(process.hrtime.bigint())]`),
		).to.deep.equal([1.2345, [1, 234_500_000], [0, 234_500_000], "1234500000"]);
	});

	it("says nothing about the machine below", () => {
		const realm = new Realm();
		expect(
			realm.run(
				`const { env, argv, platform, version, versions, memoryUsage, cwd, pid } = process; return [env, argv, platform, version, versions, memoryUsage().heapUsed, memoryUsage.rss(), cwd(), pid]`,
			),
		).to.deep.equal([{}, [], "linux", "v20.0.0", { node: "20.0.0" }, 0, 0, "/", 1]);
		expect(
			realm.run(`process.env.X = "1"; process.exitCode = 3; return [process.env.X, require("process") === process]`),
		).to.deep.equal(["1", true]);
	});

	it("runs ticks before timers, with their arguments", () => {
		const realm = new Realm();
		expect(
			realm.settle(`
				const seen = [];
				setImmediate(() => seen.push("immediate"));
				process.nextTick((...args) => seen.push(...args), "tick", 1);
				seen.push("now");
				await require("timers/promises").setTimeout(1);
				return seen;
			`),
		).to.deep.equal(["now", "tick", 1, "immediate"]);
		expect(() => realm.run("process.nextTick(1)")).to.throw('"callback" argument must be of type function');
	});

	it("writes to the log", () => {
		const realm = new Realm();
		realm.run(
			`process.stdout.write("out\\n"); process.stderr.write("err"); process.emitWarning("careful", "DeprecationWarning")`,
		);
		expect(realm.logs).to.deep.equal([
			{ level: "log", text: "out" },
			{ level: "error", text: "err" },
			{ level: "warn", text: "DeprecationWarning: careful" },
		]);
	});

	it("takes listeners that are never called, and refuses what would reach out", () => {
		const realm = new Realm();
		expect(realm.run(`return process.on("exit", () => {}).once("x", () => {}).off("x") === process`)).to.equal(true);
		for (const name of ["exit", "kill", "abort", "chdir", "binding", "dlopen", "getBuiltinModule"]) {
			expect(() => realm.run(`process.${name}()`)).to.throw(
				`process.${name}() is not available on a simulated machine`,
			);
		}
		expect(() => realm.run("process.stdin.on('data')")).to.throw("process.stdin is not available");
	});
});
