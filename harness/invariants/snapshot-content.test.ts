import { expect } from "chai";
import { narrator } from "../testing/narrator.ts";
import { watched } from "../testing/watched.ts";

/** S0 applies twelve commands, and sends the service's snapshot up to index 9 to S1 30 ms later. */
async function received(onReceived: string) {
	const onSnapshot = "if (me === 0) setTimeout(() => sendTo(1, index, bytes), 30);";
	return await watched({
		what: narrator({ first: "if (me === 0) apply(1, 12);", onSnapshot, onReceived }),
		snapshots: true,
	});
}

/** S1 applies twelve commands, and saves something when the service makes its snapshot up to index 9; then it restarts. */
async function restarted(onSnapshot: string) {
	const what = narrator({ first: "if (me === 1) apply(1, 12);", onSnapshot, again: "apply(storedIndex + 1, 25);" });
	return await watched({ what, snapshots: true }, async (cluster) => {
		await cluster.sleep(100);
		cluster.start(1);
	});
}

function verdictOf(message: string, atMs: number): object {
	return { check: "snapshot-content", message, servers: [1], atMs };
}

describe("a snapshot that a server hands over", () => {
	it("is one that the service made, of this server or another", async () => {
		expect(await received("handOver(index, bytes);")).to.equal(undefined);
	});

	it("may not be one of the server's own making", async () => {
		const onReceived = "handOver(5, encode({ lastIncludedIndex: 5, log: [null, 100, 200, 300, 400, 500] }));";
		const message = "S1 handed over a snapshot up to index 5, but the service never made one there";
		expect(await received(onReceived)).to.deep.equal(verdictOf(message, 30));
	});

	it("may not say that it ends elsewhere", async () => {
		const message = "S1 handed over a snapshot up to index 8, but the service never made one there";
		expect(await received("handOver(index - 1, bytes);")).to.deep.equal(verdictOf(message, 30));
	});

	for (const [what, bytes] of [
		["altered", "altered(bytes)"],
		["longer", "new Uint8Array([...bytes, 32])"],
		["empty", "new Uint8Array(0)"],
		["unreadable", "bytes.reverse()"],
	] as const) {
		it(`may not be ${what}`, async () => {
			const message = "S1 handed over a snapshot up to index 9 that differs from the one the service made";
			expect(await received(`handOver(index, ${bytes});`)).to.deep.equal(verdictOf(message, 30));
		});
	}
});

describe("a snapshot that a server restarts from", () => {
	it("is one that the service made", async () => {
		expect(await restarted("if (index === 9) save(bytes);")).to.equal(undefined);
	});

	it("may not be altered", async () => {
		const message = "S1 restarted from a snapshot up to index 9 that differs from the one the service made";
		expect(await restarted("if (index === 9) save(altered(bytes));")).to.deep.equal(verdictOf(message, 100));
	});

	it("may not be one of the server's own making", async () => {
		const message = "S1 restarted from a snapshot up to index 2, but the service never made one there";
		const onSnapshot = "save(encode({ lastIncludedIndex: 2, log: [null, 100, 200] }));";
		expect(await restarted(onSnapshot)).to.deep.equal(verdictOf(message, 100));
	});

	it("may not be unreadable", async () => {
		const message = "S1 gave the service a snapshot that the service never made";
		expect(await restarted("save(new Uint8Array([1, 2, 3]));")).to.deep.equal(verdictOf(message, 100));
	});
});
