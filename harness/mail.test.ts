import { expect } from "chai";
import type { Seen } from "./adversary.ts";
import { Mail, matches, type Pattern } from "./mail.ts";

function message(rpc: number, rest: Partial<Seen> = {}): Seen {
	const usual = { leg: "request", topic: "election", from: 0, to: 1, term: 3, bytes: 10, chance: () => 0 } as const;
	return { ...usual, rpc, ...rest };
}

/** A mail with these messages, and what has become of them. */
function mailOf(...messages: readonly Seen[]): { mail: Mail; deeds: string[] } {
	const mail = new Mail();
	const deeds: string[] = [];
	for (const one of messages) {
		const did = (what: string) => () => deeds.push(`${what} ${one.rpc}`);
		mail.keep(one, { letGo: did("let go"), lose: did("lost"), copy: did("copied") });
	}
	return { mail, deeds };
}

const rpcs = (messages: readonly Seen[]) => messages.map(({ rpc }) => rpc);

describe("a pattern", () => {
	for (const [pattern, isSo] of [
		[{}, true],
		[{ leg: "request", topic: "election", from: 0, to: 1, term: 3, rpc: 1 }, true],
		[{ leg: "reply" }, false],
		[{ topic: "replication" }, false],
		[{ from: 1 }, false],
		[{ from: [2, 0] }, true],
		[{ from: [] }, false],
		[{ to: [2, 0] }, false],
		[{ term: 2 }, false],
		[{ rpc: 2 }, false],
	] as const satisfies readonly (readonly [Pattern, boolean])[]) {
		it(`${JSON.stringify(pattern)} ${isSo ? "fits" : "does not fit"}`, () => {
			expect(matches(message(1), pattern)).to.equal(isSo);
		});
	}
});

describe("mail", () => {
	it("waits, in order, until it is delivered, once", () => {
		const { mail, deeds } = mailOf(message(1), message(2, { to: 2 }), message(3));
		expect(rpcs(mail.waiting())).to.deep.equal([1, 2, 3]);
		expect(mail.deliver({ to: 1 })).to.equal(2);
		expect(deeds).to.deep.equal(["let go 1", "let go 3"]);
		expect(rpcs(mail.waiting())).to.deep.equal([2]);
		expect(rpcs(mail.delivered())).to.deep.equal([1, 3]);
		expect(mail.deliver({ to: 1 })).to.equal(0);
	});

	it("is lost for good", () => {
		const { mail, deeds } = mailOf(message(1), message(2, { leg: "reply" }));
		expect(mail.lose({ leg: "reply" })).to.equal(1);
		expect(mail.deliver()).to.equal(1);
		expect(deeds).to.deep.equal(["lost 2", "let go 1"]);
		expect(rpcs(mail.delivered())).to.deep.equal([1]);
	});

	it("is repeated, whether it has been delivered or waits, as often as one likes", () => {
		const { mail, deeds } = mailOf(message(1), message(2));
		mail.deliver({ rpc: 2 });
		expect(mail.repeat()).to.equal(2);
		expect(mail.repeat({ rpc: 1 })).to.equal(1);
		expect(deeds).to.deep.equal(["let go 2", "copied 2", "copied 1", "copied 1"]);
		expect(rpcs(mail.waiting())).to.deep.equal([1]);
	});
});
