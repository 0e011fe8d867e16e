/** For course staff: what `import { defineConfig } from "raft-grade/config"` gives. */
import type { Config } from "./policy/schema.ts";

export type { Config } from "./policy/schema.ts";

/** Gives a config as it is, so that an editor knows what may stand in it: `export default defineConfig({ … })`. */
export function defineConfig(config: Config): Config {
	return config;
}
