import { expect } from "chai";
import { evaluate, holds, interpolate, Outputs, type Scope, type Value } from "./expression.ts";

const scope: Scope = {
	contexts: {
		inputs: { name: "Raft", empty: "", "max-score": 4 },
		steps: { grade: { outputs: new Outputs({ "exit-code": "1" }) } },
	},
	failed: false,
};

function braced(expression: string): string {
	return `\${{ ${expression} }}`;
}

describe("an expression of a workflow", () => {
	it("has GitHub's values", () => {
		const values: [string, Value][] = [
			["inputs.name", "Raft"],
			["inputs.max-score", 4],
			["steps.grade.outputs.exit-code != '0' && steps.grade.outputs.exit-code != '2'", true],
			["steps.grade.outputs.nothing", ""],
			["inputs.name == 'RAFT'", true],
			["inputs.empty || 'other'", "other"],
			["inputs.empty && 'other'", ""],
			["!inputs.empty || false && true", true],
			["(true || false) && false", false],
			["'it''s'", "it's"],
			["format('{1}/{0}', 'a', inputs.name)", "Raft/a"],
			["fromJSON('[1, 2]')", [1, 2]],
			["failure() || cancelled()", false],
		];
		for (const [text, value] of values) expect(evaluate(text, scope), text).to.deep.equal(value);
	});

	it("is refused if it holds what nobody has thought of", () => {
		const refused: [string, RegExp][] = [
			["inputs.nmae", /there is no nmae in inputs/],
			["input.name", /there is no input in the contexts/],
			["steps.other.outputs.x", /there is no other in steps/],
			["inputs.name.first", /there is no first in inputs\.name/],
			["hashFiles('x')", /no function hashFiles/],
			["inputs.name && inputs.nmae", /no nmae/],
			["true || inputs.nmae", /no nmae/],
			["inputs['name']", /cannot read "\['name'\]"/],
			["1 2", /did not expect 2/],
			["(true", /did not expect the end/],
			["&& true", /did not expect &&/],
			["4 == '4'", /different types/],
		];
		for (const [text, message] of refused) expect(() => evaluate(text, scope), text).to.throw(message);
	});

	it("keeps its type when it stands alone, and becomes text among other text", () => {
		expect(interpolate(braced("inputs.max-score"), scope)).to.equal(4);
		expect(interpolate(`${braced("inputs.name")}-${braced("inputs.max-score")}`, scope)).to.equal("Raft-4");
		expect(() => interpolate(`a ${braced("fromJSON('[1]')")}`, scope)).to.throw(/has no place in a text/);
	});

	it("as a condition, means success unless it says otherwise", () => {
		const after = { ...scope, failed: true };
		expect([
			holds(undefined, scope),
			holds("inputs.empty", scope),
			holds(braced("inputs.name != ''"), scope),
		]).to.deep.equal([true, false, true]);
		expect([holds(undefined, after), holds("inputs.name == 'raft'", after)]).to.deep.equal([false, false]);
		expect([holds("always()", after), holds(braced("!cancelled() && inputs.empty == 'x'"), after)]).to.deep.equal([
			true,
			false,
		]);
	});
});
