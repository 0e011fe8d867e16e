import { expect } from "chai";
import { defineConfig } from "./config.ts";

describe("defineConfig", () => {
	it("gives the config as it is", () => {
		const config = { points: { Backup: 7, OwnTest: 2 }, hidden: ["2D", "Figure8"], repeats: { all: 3 } };
		expect(defineConfig(config)).to.equal(config);
	});

	it("lets the compiler find mistakes", () => {
		const mistakes = [
			// @ts-expect-error: no such scoring
			defineConfig({ scoring: "half" }),
			// @ts-expect-error: points are numbers
			defineConfig({ points: { Backup: "7" } }),
			// @ts-expect-error: no such key
			defineConfig({ pionts: {} }),
			// @ts-expect-error: a suite says which tests it declares
			defineConfig({ suites: [{ file: "own.ts" }] }),
		];
		expect(mistakes).to.have.lengthOf(4);
	});
});
