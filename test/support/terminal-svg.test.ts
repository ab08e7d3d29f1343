import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dark, light, terminalSvg } from './terminal-svg.js';

it('draws every run of text in its colour at its column', () => {
  const svg = terminalSvg('\u001b[31merror\u001b[0m  a <b> & c\n\u001b[1mbold\u001b[0m\n', 20, light);
  assert.match(svg, /<tspan x="14\.0" textLength="42\.0" fill="#b3261e">error<\/tspan>/);
  assert.match(svg, /<tspan x="56\.0" textLength="92\.4"> {2}a &lt;b&gt; &amp; c<\/tspan>/);
  assert.match(svg, /font-weight="bold">bold</);
  assert.match(svg, /^<svg [^>]*width="196" height="64"/);
});

it('keeps what is written apart from what is drawn', () =>
  assert.doesNotMatch(terminalSvg('\u001b[36mx\u001b[0m', 10, dark), /\u001b/));
