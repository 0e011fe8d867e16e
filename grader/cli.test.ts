import { expect } from "chai";
import type { GradeOptions } from "./cli/grade.ts";
import { readCommandLine } from "./cli.ts";
import { UsageError } from "./usage-error.ts";

function gradeOptions(...args: string[]): GradeOptions {
	const line = readCommandLine(args, "0.0.0");
	if (line?.command !== "grade") throw new Error(`it is to ${line?.command}`);
	return line.options;
}

describe("the command line", () => {
	it("grades everything, with what is usual, if nothing is said", () => {
		const { jobs, ...options } = gradeOptions();
		expect(jobs).to.be.at.least(1);
		expect(options).to.deep.equal({
			words: [],
			target: undefined,
			grep: undefined,
			seed: undefined,
			schedule: undefined,
			raceRepeat: undefined,
			bail: false,
			lastFailed: false,
			replay: undefined,
			untilFail: false,
			watch: false,
			stepTimeout: undefined,
			timeout: undefined,
			memory: undefined,
			reporters: [],
			config: undefined,
			trace: undefined,
			shard: undefined,
			checkDeterminism: false,
			explain: false,
			list: false,
			speed: undefined,
		});
	});

	it("reads every option, short and long", () => {
		const args =
			"2A Backup@7 -t raft.ts -g Back -s 1F --schedule race -r 5 --bail -w -j 3 --step-timeout 0.5 --timeout 7";
		const more = "--memory 512 --reporter spec --reporter json=a.json --config p.json";
		expect(gradeOptions(...args.split(" "), ...more.split(" "))).to.deep.include({
			words: ["2A", "Backup@7"],
			target: "raft.ts",
			grep: "Back",
			seed: "1f",
			schedule: "race",
			raceRepeat: 5,
			bail: true,
			watch: true,
			jobs: 3,
			stepTimeout: 0.5,
			timeout: 7,
			memory: 512,
			reporters: ["spec", "json=a.json"],
			config: "p.json",
		});
		expect(gradeOptions("--target=a", "--seed", "7", "--race-repeat", "2", "--jobs", "1", "-l")).to.deep.include({
			target: "a",
			seed: "7",
			raceRepeat: 2,
			jobs: 1,
			list: true,
		});
		expect(gradeOptions("--shard", "2/3").shard).to.deep.equal({ index: 2, count: 3 });
	});

	it("watches a run live at a speed, or at that of real time", () => {
		expect(gradeOptions("--speed", "10").speed).to.equal(10);
		expect(gradeOptions("--clock", "real").speed).to.equal(1);
		expect(gradeOptions("--clock", "real", "--speed", "2").speed).to.equal(2);
		expect(gradeOptions("--clock", "virtual", "--speed", "2").speed).to.equal(undefined);
	});

	it("shows a run live that is replayed", () => {
		expect(gradeOptions("--replay", "Backup@7", "--speed", "1")).to.deep.include({ replay: "Backup@7", speed: 1 });
	});

	it("tells a policy, no policy, and the one that lies there", () => {
		expect(gradeOptions("--config", "p.ts").config).to.equal("p.ts");
		expect(gradeOptions("--no-config").config).to.equal(false);
		expect(gradeOptions().config).to.equal(undefined);
	});

	it("knows its subcommands, and takes the options of grading for none of theirs", () => {
		expect(readCommandLine(["init", "."], "0")).to.deep.equal({ command: "init", folder: "." });
		expect(readCommandLine(["doctor", "-t", "a.ts"], "0")).to.deep.equal({ command: "doctor", target: "a.ts" });
		expect(readCommandLine(["explain", "Backup", "--no-config"], "0")).to.deep.equal({
			command: "explain",
			test: "Backup",
			config: false,
		});
		expect(readCommandLine(["check-config"], "0")).to.deep.equal({ command: "check-config", file: undefined });
		expect(readCommandLine(["merge", "a.json", "b.json", "--reporter", "spec"], "0")).to.deep.equal({
			command: "merge",
			files: ["a.json", "b.json"],
			reporters: ["spec"],
		});
		const usual = { output: "autograder.zip", raceRepeat: undefined, seed: undefined, jobs: 2, minutes: 9 };
		expect(readCommandLine(["pack", "gradescope", "2A", "-o", "a.zip", "--no-config"], "0")).to.deep.equal({
			command: "pack",
			options: { ...usual, words: ["2A"], output: "a.zip", config: false },
		});
		expect(readCommandLine(["similar", "a", "b", "--template", "t"], "0")).to.deep.equal({
			command: "similar",
			options: { folders: ["a", "b"], output: "similarity", template: "t" },
		});
		expect(readCommandLine(["worker", "--queue", "redis://a", "-j", "3", "--lease", "9"], "0")).to.deep.equal({
			command: "worker",
			options: { queue: "redis://a", jobs: 3, lease: 9 },
		});
		expect(readCommandLine(["class", "a", "--queue", "redis://a"], "0")).to.deep.include({ command: "class" });
		for (const args of [
			["worker"],
			["worker", "--queue", "redis://a", "--lease", "0"],
			["similar"],
			["pack"],
			["pack", "moodle"],
			["init", ".", "--bail"],
			["merge"],
			["init"],
			["init", "a", "b"],
			["doctor", "a.ts"],
		]) {
			expect(() => readCommandLine(args, "0"), args.join(" ")).to.throw(UsageError);
		}
	});
});
