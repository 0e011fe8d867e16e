import { expect } from "chai";
import fc from "fast-check";
import { anyText, CONTROL_CHARACTER, hostileTexts } from "./testing/hostile-texts.ts";
import { untrustedLine, untrustedLines } from "./untrusted.ts";

describe("untrusted text", () => {
	it("is left as it is if it is harmless", () => {
		const text = 'expected 3, got {"a":[1]} — naïve § ✓ 😀 C:\\x # 1 ::';
		expect(untrustedLine(text)).to.equal(text.replace("::", ": :"));
		expect(untrustedLines("one\n  two\n")).to.deep.equal(["one", "  two"]);
	});

	it("is put on one line, its control characters spelt out", () => {
		expect(untrustedLine(" a\n\tb\u001b[2J\u0085\u202e ")).to.equal("a b\\u001b[2J\\u0085\\u202e");
	});

	it("loses what begins a command of a CI system", () => {
		expect(untrustedLine("::error::x")).to.equal(": :error: :x");
		expect(untrustedLine(":::x ##[error] ###vso[")).to.equal(": : :x # #[error] # # #vso[");
	});

	it("is cut where it is too long, between characters", () => {
		expect(untrustedLine("x".repeat(3000))).to.equal(`${"x".repeat(2000)}…`);
		expect(untrustedLine(`${"x".repeat(1999)}😀`)).to.equal(`${"x".repeat(1999)}…`);
		expect(untrustedLines("x\n".repeat(3000)).length).to.be.at.most(1001);
	});

	it("can be encoded: halves of pairs and non-characters are replaced", () => {
		expect(untrustedLine("a\ud800b\udc00c\uffffd")).to.equal("a\ufffdb\ufffdc\ufffdd");
	});

	it("is one harmless line, whatever it was", () => {
		fc.assert(
			fc.property(fc.oneof(anyText, fc.constantFrom(...hostileTexts)), (text) => {
				for (const line of [untrustedLine(text), ...untrustedLines(text)]) {
					expect(line).to.not.match(CONTROL_CHARACTER);
					expect(line).to.not.match(/[\n\t]|::|##|\p{Surrogate}/u);
				}
				expect(untrustedLine(untrustedLine(text)).slice(0, 2000)).to.equal(untrustedLine(text).slice(0, 2000));
			}),
		);
	});
});
