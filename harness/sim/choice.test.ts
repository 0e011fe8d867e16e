import { expect } from "chai";
import fc from "fast-check";
import { CHOICE_DECISIONS, type Choice, formatChoices, parseChoices } from "./choice.ts";
import { Decision } from "./choices.ts";

const SERVER_ONLY: readonly Decision[] = [Decision.pauseLength, Decision.timerLateness, Decision.applyOrder];

const choice: fc.Arbitrary<Choice> = fc
	.record({
		decision: fc.constantFrom(...CHOICE_DECISIONS),
		a: fc.nat(60),
		b: fc.nat(60),
		n: fc.oneof(fc.nat(50), fc.nat(2 ** 24 - 1)),
	})
	.map((choice) => (SERVER_ONLY.includes(choice.decision) ? { ...choice, b: 0 } : choice));

function inOrder(choices: readonly Choice[]): string[] {
	return [...new Set(choices.map(({ decision, a, b, n }) => `${decision} ${a} ${b} ${n}`))].sort();
}

describe("a set of choices, written down", () => {
	it("is read as what it was", () => {
		fc.assert(
			fc.property(fc.array(choice), fc.subarray([...CHOICE_DECISIONS]), (choices, decisions) => {
				const read = parseChoices(formatChoices({ decisions, choices }));
				expect(read.decisions).to.have.members(decisions);
				expect(inOrder(read.choices)).to.deep.equal(
					inOrder(choices.filter(({ decision }) => !decisions.includes(decision))),
				);
			}),
			{ seed: 1, numRuns: 500 },
		);
	});

	it("is the same for the same choices, in letters and digits that no shell and no URL takes for anything else", () => {
		fc.assert(
			fc.property(fc.array(choice), fc.array(choice), (some, others) => {
				const text = formatChoices({ decisions: [], choices: [...some, ...others] });
				expect(formatChoices({ decisions: [], choices: [...others, ...some, ...others] })).to.equal(text);
				expect(text).to.match(/^[\w-]+$/);
			}),
			{ seed: 1 },
		);
	});

	it("can be read by people, more or less", () => {
		const loss = (n: number) => ({ decision: Decision.requestLoss, a: 2, b: 0, n });
		const pause = { decision: Decision.pauseLength, a: 1, b: 0, n: 3 };
		expect(formatChoices({ decisions: [], choices: [pause, loss(51), loss(17)] })).to.equal("L20h-1fZ13");
		expect(formatChoices({ decisions: [Decision.tie], choices: [pause] })).to.equal("OZ13");
		expect(formatChoices({ decisions: [], choices: [] })).to.equal("0");
		// More servers than fit one digit.
		expect(formatChoices({ decisions: [], choices: [{ ...loss(1), a: 40 }] })).to.equal("L_1401");
	});

	it("is refused if it is cut off, misspelt or nonsense", () => {
		for (const text of [
			"",
			"l20h",
			"L2",
			"L20",
			"L20h-",
			"L20-h",
			"N20h",
			"00",
			"L20h ",
			"L20hé",
			"L20zzzzzzzz",
			"L_2",
		]) {
			expect(() => parseChoices(text), text).to.throw(RangeError, "which choices of a run are kept");
		}
	});

	it("has no place for what has no default", () => {
		const draw = { decision: Decision.tester, a: 0, b: 0, n: 1 };
		expect(() => formatChoices({ decisions: [], choices: [draw] })).to.throw("has no default");
		expect(() => formatChoices({ decisions: [], choices: [{ ...draw, decision: Decision.tie, a: 36 ** 3 }] })).to.throw(
			RangeError,
			"too large",
		);
	});
});
