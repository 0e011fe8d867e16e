/**
 * For people who write tests: the cluster, and what it stands on.
 */
export { Adversary, type Seen, type Topic } from "./adversary.ts";
export { Cluster, type ServerHandle } from "./cluster.ts";
export type { EventListener, MessageEvent, NoReplyReason, ServerEvent, SimulationEvent } from "./events.ts";
export { type FailureDetails, LabFailure } from "./failure.ts";
export type { Figures } from "./figures.ts";
export { INVARIANTS } from "./invariants/index.ts";
export type { Fail, Invariant } from "./invariants/invariant.ts";
export { Journal } from "./journal.ts";
export { decode, encode, fromText, toText, WireError } from "./labrpc/codec.ts";
export { type Fate, NETWORK } from "./labrpc/network.ts";
export type { SourceEdit } from "./machine/bundle.ts";
export {
	bundleProgram,
	compileProgram,
	loadProgram,
	type Program,
	type ProgramSource,
	withLoopCounts,
} from "./machine/program.ts";
export type { Place } from "./machine/stack.ts";
export { TargetError } from "./machine/target-error.ts";
export { type Mail, matches, type Pattern } from "./mail.ts";
export { oneLine, printable } from "./printable.ts";
export type * from "./raft.ts";
export { type RunOptions, type RunResult, runTest } from "./run.ts";
export { RACE } from "./servers.ts";
export { CHOICE_DECISIONS, type Choice, type ChoiceSet, formatChoices, parseChoices } from "./sim/choice.ts";
export { Choices, Decision } from "./sim/choices.ts";
export { Pace } from "./sim/pace.ts";
export { type ScheduledEvent, Scheduler } from "./sim/scheduler.ts";
export { parseSeed, runSeed, type Schedule, type Seed, scheduleOf } from "./sim/seed.ts";
export { type KeptChoice, Selection } from "./sim/selection.ts";
export { LIMITS, Stream } from "./sim/simulation.ts";
