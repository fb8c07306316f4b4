#!/usr/bin/env node
import module from 'node:module';
import { execute } from '@oclif/core/execute';

// Node 22 and newer keep the compiled code of the imports below between starts; Node 20 has no such call.
module.enableCompileCache?.();
await execute({ dir: import.meta.url });
