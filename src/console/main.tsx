import { render } from 'preact';
import { App } from './app.js';
import { followLinks } from './lib/browser.js';

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app');
followLinks();
render(<App />, root);
