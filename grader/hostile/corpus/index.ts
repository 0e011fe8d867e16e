import type { Hostile } from "../hostile.ts";
import { alteration } from "./alteration.ts";
import { endless } from "./endless.ts";
import { escapes } from "./escapes.ts";
import { files } from "./files.ts";
import { forgery } from "./forgery.ts";
import { lies } from "./lies.ts";
import { memory } from "./memory.ts";
import { prototypes } from "./prototypes.ts";
import { sharing } from "./sharing.ts";
import { surroundings } from "./surroundings.ts";
import { wire } from "./wire.ts";

/** All hostile submissions, by theme. */
export const CORPUS: ReadonlyMap<string, readonly Hostile[]> = new Map([
	["Escapes", escapes],
	["What is built in, changed", prototypes],
	["Forgery", forgery],
	["Endless code", endless],
	["Memory", memory],
	["Files and bundling", files],
	["Environment, network, other processes", surroundings],
	["State that servers share", sharing],
	["Changed afterwards", alteration],
	["Lies", lies],
	["Values", wire],
]);
