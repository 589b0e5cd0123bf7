/** The demo host: it makes the tags that it shows, and writes down what the widgets tell. */

const { script, src, network, payer, shop } = await (await fetch('/settings.json')).json();

const loaded = document.createElement('script');
loaded.src = script;
document.head.append(loaded);

const views = {
  pay: { network, view: 'pay', amount: '12.5', recipient: shop, message: 'Order 5' },
  view: { network, view: 'balance', address: payer },
};

/** Lines in the list; the oldest go. */
const MAX_LINES = 200;
const log = document.querySelector('#log');

function write(what, detail) {
  const line = document.createElement('li');
  const name = document.createElement('b');
  name.textContent = what;
  line.append(name, ` ${JSON.stringify(detail) ?? ''}`);
  log.prepend(line);
  while (log.childElementCount > MAX_LINES) log.lastElementChild.remove();
}

function codeOf(attributes) {
  const lines = Object.entries({ src, ...attributes }).map(([name, value]) => `  ${name}="${value}"`);
  return `<script src="${script}"></script>\n\n<petrel-widget\n${lines.join('\n')}\n></petrel-widget>`;
}

const widgets = Object.fromEntries(
  Object.entries(views).map(([name, attributes]) => {
    const place = document.querySelector(`[data-widget=${name}]`);
    const widget = document.createElement('petrel-widget');
    for (const [attribute, value] of Object.entries({ src, ...attributes })) widget.setAttribute(attribute, value);
    for (const event of ['ready', 'status', 'balance', 'payment', 'error']) widget.addEventListener(`petrel-${event}`, ({ detail }) => write(`${name}: petrel-${event}`, detail));
    widget.append(...place.childNodes);
    place.append(widget);
    document.querySelector(`[data-code=${name}]`).textContent = codeOf(attributes);
    return [name, widget];
  }),
);

const address = document.querySelector('#address');
const view = document.querySelector('#view');
address.value = payer;
function show() {
  widgets.view.setAttribute('address', address.value);
  widgets.view.setAttribute('view', view.value);
  document.querySelector('[data-code=view]').textContent = codeOf({ ...views.view, view: view.value, address: address.value });
}
address.addEventListener('change', show);
view.addEventListener('change', show);
document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  show();
});

const calls = [
  ['isConsensusEstablished'],
  ['getBlockNumber'],
  ['getBalance', { address: shop }],
  ['listAccounts'],
  ['sign', { message: 'Hello from the corner shop' }],
  ['sendBasicTransaction', { recipient: shop, value: 150_000 }],
];
document.querySelector('[data-code=provider]').textContent = `const widget = document.querySelector('petrel-widget');\nawait widget.request({ method: 'listAccounts' });\n\n// or, from the npm package:\nimport { findProviders } from 'petrel/provider';\nfindProviders(({ provider }) => provider.request({ method: 'getBlockNumber' }));`;
document.querySelector('.methods').append(
  ...calls.map(([method, params]) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = method;
    button.addEventListener('click', () =>
      widgets.pay.request({ method, params }).then(
        (result) => write(method, result),
        ({ code, data }) => write(`${method} failed`, { code, ...data }),
      ),
    );
    return button;
  }),
);
