import { defineConfig } from "raft-grade/config";

export default defineConfig({
	scoring: "fraction",
	// 20 schedules of each test, and 100 of the two that are luckiest with wrong solutions.
	repeats: { all: 20, Figure8: 100, Figure8Unreliable: 100 },
	// The two extra tests take their ten points from these; all others keep theirs.
	points: { InitialElection: 2, ReElection: 2, ManyElections: 3, BasicAgree: 1 },
	hidden: ["Figure8Unreliable"],
	suites: [
		{
			file: "tests/catching-up.ts",
			part: "extra",
			tests: {
				LongAbsence: {
					points: 5,
					title: "a server that missed much catches up",
					servers: 5,
					story:
						"One of five servers is cut off while forty commands are committed. It comes back, and the next command must reach all five within ten seconds.",
					paper: "§5.3 (the leader backs up nextIndex)",
					causes: [
						"nextIndex goes back one entry for each rejected AppendEntries, and every one waits for a heartbeat.",
					],
				},
				CrashWhileAbsent: { points: 5, title: "a crash while cut off", hidden: true, servers: 3 },
			},
		},
	],
	reference: "../../reference/index.ts",
	limits: { timeoutS: 60, memoryMb: 512 },
	seed: "2026",
});
