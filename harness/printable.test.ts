import { expect } from "chai";
import fc from "fast-check";
import { oneLine, printable } from "./printable.ts";
import { observe } from "./testing/observe.ts";

const CLEAR = "\u001b[2J\u001b[H";

describe("text that a submission has made", () => {
	it("is shown as it is, if it is harmless", () => {
		for (const text of ["", "plain", "two\nlines\twith a tab", "é 漢字 👨‍👩‍👧", "\\u001b"])
			expect(printable(text)).to.equal(text);
	});

	it("cannot move the cursor, ring, erase, or turn around what follows", () => {
		expect(printable(`${CLEAR}x\u0007\b\r\u007f\u009b2J\u202e`)).to.equal(
			"\\u001b[2J\\u001b[Hx\\u0007\\u0008\\u000d\\u007f\\u009b2J\\u202e",
		);
	});

	it("cannot begin a line, where only one is expected", () => {
		expect(oneLine("a\n::error::b\r\n\n\tc\u2028d")).to.equal("a ::error::b c d");
	});

	it("holds no control character, whatever it was", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				expect(printable(text).replaceAll(/[\n\t]/g, "")).to.not.match(/\p{Cc}/u);
				expect(oneLine(text)).to.not.match(/\p{Cc}/u);
				expect(printable(printable(text))).to.equal(printable(text));
			}),
			{ seed: 1 },
		);
	});

	it("is made so in what is said of its faults", async () => {
		const { failure } = await observe({
			make: `throw new Error(${JSON.stringify(`${CLEAR}\n28 of 28 passed\n::error::x`)});`,
		});
		expect(failure?.message).to.equal("S0: make() threw: Error: \\u001b[2J\\u001b[H 28 of 28 passed ::error::x");
	});

	it("is made so in its log lines, which keep their lines", async () => {
		const make = `console.log(${JSON.stringify(`${CLEAR}a\nb`)}); debug(${JSON.stringify(CLEAR)}, "c");`;
		const { events } = await observe({ make }, { explain: true });
		const logged = events.flatMap((event) => (event.kind === "log" ? [`${event.topic}: ${event.text}`] : []));
		expect(logged).to.deep.equal(["log: \\u001b[2J\\u001b[Ha\nb", "\\u001b[2J\\u001b[H: c"]);
	});
});
