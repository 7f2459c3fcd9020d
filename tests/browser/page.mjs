// page.mjs - a module of the pages, for a test. Node 18 (Debian 12) takes a .js
// file for one only if a package.json beside it says so, which nginx would serve.
import { readFileSync } from 'node:fs';

export const module = (path) => import('data:text/javascript;base64,' +
	readFileSync(new URL(`../../www/${path}`, import.meta.url)).toString('base64'));
