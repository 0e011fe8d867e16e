/** A course's own tests: a file of Mocha tests declared with lab(). What they are worth stands in raft-grade.config.ts. */
import { expect } from "chai";
import { lab } from "raft-grade/labs";

describe("catching up", () => {
	lab("LongAbsence", { servers: 5 }, async (cluster) => {
		const leader = await cluster.checkOneLeader();
		const absent = (leader + 1) % cluster.size;

		// One server misses forty commands.
		cluster.disconnect(absent);
		for (let i = 0; i < 40; i++) await cluster.one(cluster.randomCommand(), 4, true);

		// It comes back, and has to have them all soon.
		cluster.connect(absent);
		const index = await cluster.one(cluster.randomCommand(), 5, true);
		expect(index, "the index of the last of 41 commands").to.be.at.least(41);
	});

	lab("CrashWhileAbsent", { servers: 3 }, async (cluster) => {
		await cluster.one("before", 3, true);
		const leader = await cluster.checkOneLeader();
		const absent = (leader + 1) % cluster.size;

		// A follower is cut off, misses a command, crashes, and comes back with what it had saved.
		cluster.disconnect(absent);
		await cluster.one("meanwhile", 2, true);
		cluster.crash(absent);
		cluster.start(absent);
		cluster.connect(absent);
		await cluster.one("after", 3, true);
	});
});
