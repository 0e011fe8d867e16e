import os from "node:os";
import { type Finding, good, problem, warning } from "./finding.ts";
import { isAtLeast } from "./version.ts";

/** What a check of the machine looks at. */
export interface MachineFacts {
	/** As in process.versions.node. */
	readonly nodeVersion: string;
	/** raft-grade's engines.node, as `>=20.19.0`. */
	readonly engines: string;
	/** Whether this Node knows an option. */
	readonly knowsOption: (option: string) => boolean;
	readonly cores: number;
	readonly memoryMb: number;
}

/** What is needed beside each core: a run's own memory, with something to spare. */
const MB_PER_JOB = 512;

/** The machine that this process runs on. */
export function thisMachine(engines: string): MachineFacts {
	// Where nothing limits a process, Node gives 0 or a number beyond all memory.
	const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
	return {
		nodeVersion: process.versions.node,
		engines,
		knowsOption: (option) => process.allowedNodeEnvironmentFlags.has(option),
		cores: os.availableParallelism(),
		memoryMb: Math.floor(Math.min(os.totalmem(), limit) / 2 ** 20),
	};
}

/** Node's version, whether it can run a submission in a sandbox, and what there is to run it with. */
export function checkMachine(facts: MachineFacts): Finding[] {
	return [checkNode(facts), checkSandbox(facts), checkResources(facts)];
}

function checkNode({ nodeVersion, engines }: MachineFacts): Finding {
	const needed = engines.replace(/^\D+/, "");
	if (isAtLeast(nodeVersion, needed)) return good("Node", nodeVersion);
	return problem("Node", nodeVersion, `Install Node ${needed} or later, from nodejs.org or with your version manager.`);
}

function checkSandbox({ nodeVersion, knowsOption }: MachineFacts): Finding {
	const found = ["--permission", "--experimental-permission"].find(knowsOption);
	if (found !== undefined) return good("sandbox", `Node's permission model is there (${found})`);
	return problem(
		"sandbox",
		`Node ${nodeVersion} has no permission model, in which submissions are locked up`,
		"Install an ordinary build of Node 20.19 or later.",
	);
}

function checkResources({ cores, memoryMb }: MachineFacts): Finding {
	const seen = `${cores} ${cores === 1 ? "core" : "cores"}, ${(memoryMb / 1024).toFixed(1)} GB of memory`;
	const jobs = Math.max(1, Math.floor(memoryMb / MB_PER_JOB));
	if (jobs >= cores) return good("machine", seen);
	return warning("machine", seen, `Run with --jobs ${jobs}: that is little memory for one test on each core.`);
}
