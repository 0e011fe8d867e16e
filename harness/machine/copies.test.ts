import { expect } from "chai";
import { fromText } from "../labrpc/codec.ts";
import { observe, toldBy } from "../testing/observe.ts";

describe("copies are made", () => {
	it("of what is saved, and of what is read", async () => {
		const make = `
			const [state, snapshot] = [new Uint8Array([1, 2]), new Uint8Array([3])];
			persister.save(state, snapshot);
			state[0] = 99; snapshot[0] = 99;
			const [readState, readSnapshot] = [persister.readRaftState(), persister.readSnapshot()];
			tell([[...readState], [...readSnapshot]]);
			readState[1] = 98; readSnapshot[0] = 98;
			tell([[...persister.readRaftState()], [...persister.readSnapshot()], readState === persister.readRaftState()]);
		`;
		const read = {
			make: `if (persister.raftStateSize() > 0) tell([[...persister.readRaftState()], [...persister.readSnapshot()]]); else { ${make} }`,
		};
		const told = await toldBy(read, {}, (cluster) => cluster.start(0));
		expect(told).to.deep.equal([
			[[1, 2], [3]],
			[[1, 2], [3], false],
			[[1, 2], [3]],
		]);
	});

	it("of a part of a larger array that is saved: that part", async () => {
		const make = `
			const all = new Uint8Array([0, 1, 2, 3, 4, 5]);
			persister.save(all.subarray(2, 4), Buffer.from("snap"));
			tell([[...persister.readRaftState()], String(Buffer.from(persister.readSnapshot())), persister.readRaftState().buffer.byteLength]);
		`;
		expect(await toldBy({ make })).to.deep.equal([[[2, 3], "snap", 2]]);
	});

	it("of arguments when the call is made, for each handler anew", async () => {
		const make = `
			if (me === 0) setTimeout(() => {
				const args = { list: [1], bytes: new Uint8Array([1]) };
				for (const peer of [1, 2]) void peers[peer].call("Take", args);
				args.list.push("after the call"); args.bytes[0] = 9; args.more = true;
			}, 5);
		`;
		const methods = "Take(args) { tell(args); args.list.push('by a handler'); args.bytes[0] = 8; },";
		const { toldBy } = await observe({ make, methods }, { servers: 3 });
		for (const server of [1, 2]) expect(toldBy(server)).to.deep.equal([{ list: [1], bytes: new Uint8Array([1]) }]);
	});

	it("of a reply when the handler is done", async () => {
		const make = `
			const state = { list: [1] };
			if (me === 0) setTimeout(async () => {
				const reply = await peers[1].call("Give", null);
				reply.list.push("by the caller");
				tell(await peers[1].call("Give", null));
			}, 5);
		`;
		const methods = "Give() { queueMicrotask(() => state.list.push('after the reply')); return state; },";
		const { toldBy } = await observe({ make, methods }, { servers: 2 });
		expect(toldBy(0)).to.deep.equal([{ list: [1, "after the reply"] }]);
	});

	it("of a reply that is awaited, when it is there", async () => {
		const make = `
			const state = { list: [1] };
			setTimeout(async () => tell(await peers[me].call("Give", null)), 5);
		`;
		const methods =
			"async Give() { await sleep(5); setImmediate(() => state.list.push('after the reply')); return state; },";
		expect(await toldBy({ make, methods })).to.deep.equal([{ list: [1] }]);
	});

	it("of messages on applyCh when they are sent", async () => {
		const make = `
			const command = { list: [1] };
			for (let i = 1; i <= 3; i++) {
				void applyCh.send({ commandValid: true, command, commandIndex: i });
				command.list.push("after sending");
			}
			command.list.length = 0;
		`;
		const { events } = await observe({ make });
		const commands = events.flatMap((event) => (event.kind === "apply" ? [fromText(event.command)] : []));
		expect(commands.map((command) => (command as { list: unknown[] }).list.length)).to.deep.equal([1, 2, 3]);
	});

	it("of snapshots, both ways", async () => {
		const make = `
			const bytes = encode({ lastIncludedIndex: 1, log: [null, 5] });
			void applyCh.send({ snapshotValid: true, snapshot: bytes, snapshotIndex: 1, snapshotTerm: 1 });
			bytes.fill(0);
			for (let i = 2; i <= 19; i++) void applyCh.send({ commandValid: true, command: i, commandIndex: i });
		`;
		const methods =
			"snapshot(index, bytes) { tell([index, decode(bytes).log.length]); bytes.fill(0); persister.save(bytes, bytes); },";
		const { told, events, failure } = await observe({ make, methods }, { snapshots: true });
		expect(failure).to.equal(undefined);
		expect(told).to.deep.equal([
			[9, 10],
			[19, 20],
		]);
		const made = events.flatMap((event) =>
			event.kind === "snapshot" ? [event.snapshot.some((byte) => byte !== 0)] : [],
		);
		expect(made).to.deep.equal([true, true]);
	});

	it("of commands, by start()", async () => {
		const command = { list: [1], bytes: new Uint8Array([1]) };
		const methods = `
			start(command) {
				setTimeout(() => tell(command), 5);
				command.list.push("by start");
				return { index: 1, term: 1, isLeader: true };
			},
		`;
		const told = await toldBy({ methods }, { servers: 2 }, async (cluster) => {
			for (const i of [0, 1]) cluster.server(i).start(command);
			command.list.push(99);
			await cluster.sleep(10);
		});
		expect(told).to.deep.equal([0, 1].map(() => ({ list: [1, "by start"], bytes: new Uint8Array([1]) })));
		expect(command.list).to.deep.equal([1, 99]);
	});
});
