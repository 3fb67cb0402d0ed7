#!/usr/bin/env node
// The entry of the command line.
import { Command } from 'commander'

new Command('selfsame').version('0.1.0').parse()
