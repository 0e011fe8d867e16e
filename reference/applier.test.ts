import { expect } from "chai";
import type { ApplyMsg } from "raft-grade";
import { Applier } from "./applier.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** An applier, what it is to hand out, what the service has been offered, and the service's way to say that it took it. */
function setUp() {
	const queue: ApplyMsg[] = [];
	const offered: unknown[] = [];
	const takers: (() => void)[] = [];
	let looks = 0;
	const applyCh = {
		send(msg: ApplyMsg) {
			offered.push("commandValid" in msg ? msg.commandIndex : msg.snapshotIndex);
			return new Promise<void>((resolve) => takers.push(resolve));
		},
	};
	const applier = new Applier(applyCh, () => {
		looks += 1;
		return queue.shift();
	});
	const commit = (commandIndex: number) => queue.push({ commandValid: true, command: null, commandIndex });
	const take = async () => {
		takers.shift()?.();
		await settled();
	};
	return { applier, commit, offered, take, lookCount: () => looks };
}

describe("Applier", () => {
	it("offers the next message only when the service has taken the last", async () => {
		const { applier, commit, offered, take } = setUp();
		commit(1);
		commit(2);
		applier.wake();
		applier.wake();
		await settled();
		expect(offered).to.deep.equal([1]);
		await take();
		expect(offered).to.deep.equal([1, 2]);
	});

	it("rests when there is nothing, and goes on when it is woken", async () => {
		const { applier, commit, offered, take, lookCount } = setUp();
		commit(1);
		applier.wake();
		await take();
		const looksAtRest = lookCount();
		await settled();
		expect(lookCount()).to.equal(looksAtRest);
		commit(2);
		applier.wake();
		expect(offered).to.deep.equal([1, 2]);
	});

	it("offers nothing more once it is stopped", async () => {
		const { applier, commit, offered, take } = setUp();
		commit(1);
		commit(2);
		applier.wake();
		applier.stop();
		await take();
		applier.wake();
		expect(offered).to.deep.equal([1]);
	});
});
