// chart.js - money by day or month: bars, and the same as a table.  Without
// uPlot (it is fetched when the gateway is built) there is the table alone.
import { el } from '../checkout/dom.js';
import { money, roundMoney, count } from './format.js';
import { table, scroller, button, swap } from './parts.js';

const HEIGHT = 240, dark = matchMedia('(prefers-color-scheme: dark)');
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// What is left of the axis when the labels are about so wide.
const labelStep = (n, width) => Math.ceil(n / Math.max(1, Math.floor((width - 70) / 62)));

function options(bars, width, tell) {
	const step = labelStep(bars.length, width), top = Math.max(...bars.map((b) => b.cents), 0) || 10000;
	const font = `12px ${getComputedStyle(document.body).fontFamily}`, ink = color('--soft'), grid = { stroke: color('--line'), width: 1 };
	return {
		width, height: HEIGHT, legend: { show: false },
		cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, dataIdx: (u, s, i) => i },
		scales: { x: { time: false, range: [-0.6, bars.length - 0.4] }, y: { range: [0, top * 1.08] } },
		series: [{}, { paths: globalThis.uPlot.paths.bars({ size: [0.62, 56], radius: 0.12 }), fill: color('--key'), stroke: color('--key'), width: 0, points: { show: false } }],
		axes: [
			{ stroke: ink, font, grid: { show: false }, ticks: { show: false }, size: 30, gap: 8,
				splits: () => bars.map((b, i) => i).filter((i) => (bars.length - 1 - i) % step === 0), values: (u, at) => at.map((i) => bars[i].short) },
			{ stroke: ink, font, grid, ticks: { show: false }, size: 76, gap: 8, space: 44, values: (u, at) => at.map(roundMoney) },
		],
		hooks: { setCursor: [(u) => tell(bars[u.cursor.idx])] },
	};
}

// set({ bars, words }) shows bars of { short, long, cents, payments }.
export function chart() {
	const canvas = el('div.plot', { role: 'img' }), readout = el('p.readout', { 'aria-hidden': 'true' });
	const rows = el('div.data', { id: 'chart-table', hidden: true });
	const flip = button('plain', 'Show as a table', () => show(!tabular), { id: 'chart-flip', 'aria-expanded': 'false', 'aria-controls': 'chart-table' });
	const box = el('div.chart', {}, readout, canvas, rows, flip);
	const can = typeof globalThis.uPlot === 'function';
	let plot = null, bars = [], tabular = !can, words = '';

	const tell = (b) => {
		readout.textContent = b ? `${b.long}: ${money(b.cents)}, ${count(b.payments, 'payment')}` : words;
	};
	function draw() {
		plot?.destroy();
		plot = null;
		if (tabular || !canvas.clientWidth)
			return;
		plot = new globalThis.uPlot(options(bars, canvas.clientWidth, tell), [bars.map((b, i) => i), bars.map((b) => b.cents)], canvas);
	}
	function show(asTable) {
		tabular = asTable;
		canvas.hidden = tabular;
		rows.hidden = !tabular;
		flip.setAttribute('aria-expanded', String(tabular));
		flip.textContent = tabular ? 'Show as a chart' : 'Show as a table';
		draw();
	}
	new ResizeObserver(() => {
		if (plot && plot.width !== canvas.clientWidth || !plot && !tabular)
			draw();
	}).observe(canvas);
	dark.addEventListener('change', () => box.isConnected && draw());
	flip.hidden = !can;
	show(tabular);

	return {
		box,
		set(data) {
			bars = data.bars;
			words = data.words;
			tell(null);
			canvas.setAttribute('aria-label', `Bar chart. ${words}. The table has the same numbers.`);
			const scrolled = rows.firstChild?.scrollTop;
			swap(rows, scroller('Money received', table('Money received', 'plain', [['', 'Day or month'], ['num', 'Money'], ['num', 'Payments']],
				[...bars].reverse().map((b) => [[b.long, money(b.cents), String(b.payments)]]))));
			rows.firstChild.scrollTop = scrolled || 0;
			draw();
		},
	};
}
