// Two public clients of Binance Spot trade on the stand-in as they are: ccxt and Binance's own
// connector.  Prints one JSON line per case: [name, got, wanted].
//   node clients.mjs FOLDER-WITH-NODE_MODULES HTTP-PORT CONTROL-PORT KEY SECRET
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [folder, port, control, apiKey, apiSecret] = process.argv.slice(2);
const require = createRequire(folder + '/package.json');
const base = 'http://127.0.0.1:' + port;

const same = (name, got, wanted) => console.log(JSON.stringify([name, got, wanted]));
const order = async (verb, facts) => {
  const answer = await fetch('http://127.0.0.1:' + control + '/' + verb,
    { method: 'POST', body: JSON.stringify(facts) });
  if (!answer.ok) throw new Error(verb + ': ' + await answer.text());
};
const price = (value) => order('price', { symbol: 'BTCUSDT', price: String(value) });

async function withCcxt() {
  const ccxt = require('ccxt');
  const exchange = new ccxt.binance({
    apiKey, secret: apiSecret,
    options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false,
      defaultType: 'spot' },
  });
  // Nothing may go anywhere else.
  for (const [name, url] of Object.entries(exchange.urls.api))
    exchange.urls.api[name] = base + new URL(url).pathname;
  const who = 'ccxt ' + ccxt.version + ': ';
  await price(50000);
  const markets = await exchange.loadMarkets();
  same(who + 'loadMarkets', markets['BTC/USDT'].limits.amount.min, 0.00001);
  same(who + 'fetchTicker', (await exchange.fetchTicker('BTC/USDT')).last, 50000);
  same(who + 'fetchOrderBook', (await exchange.fetchOrderBook('BTC/USDT', 5)).asks[0][0], 50000.01);
  same(who + 'fetchOHLCV', (await exchange.fetchOHLCV('BTC/USDT', '1d')).length, 1);
  const bought = await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01);
  same(who + 'market buy', [bought.status, bought.filled, bought.average],
    ['closed', 0.01, 50000.01]);
  const resting = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.01, 45000);
  same(who + 'limit buy rests', (await exchange.fetchOrder(resting.id, 'BTC/USDT')).status, 'open');
  same(who + 'fetchOpenOrders', (await exchange.fetchOpenOrders('BTC/USDT')).map((o) => o.id),
    [resting.id]);
  same(who + 'cancelOrder', (await exchange.cancelOrder(resting.id, 'BTC/USDT')).status, 'canceled');
  const stop = await exchange.createOrder('BTC/USDT', 'STOP_LOSS_LIMIT', 'sell', 0.005, 48000,
    { stopPrice: 48500, timeInForce: 'GTC' });
  await price(48400);
  same(who + 'a stop-limit triggers and fills',
    (await exchange.fetchOrder(stop.id, 'BTC/USDT')).status, 'closed');
  const trades = await exchange.fetchMyTrades('BTC/USDT');
  same(who + 'fetchMyTrades', trades.map((t) => [t.side, t.amount, t.fee.currency]),
    [['buy', 0.01, 'BTC'], ['sell', 0.005, 'USDT']]);
  const balance = await exchange.fetchBalance();
  same(who + 'fetchBalance', [balance.BTC.free, balance.BTC.used], [1.00499, 0]);
  const refusal = await exchange.createOrder('BTC/USDT', 'limit', 'buy', 10, 48000)
    .catch((error) => error.constructor.name);
  same(who + 'too large an order', refusal, 'InsufficientFunds');
  same(who + 'an unknown order', await exchange.fetchOrder('999999', 'BTC/USDT')
    .catch((error) => error.constructor.name), 'OrderNotFound');
}

async function withConnector() {
  const { Spot } = require('@binance/spot');
  const client = new Spot({ configurationRestAPI: { apiKey, apiSecret, basePath: base } });
  const rest = client.restAPI;
  const data = async (promise) => (await promise).data();
  const installed = folder + '/node_modules/@binance/spot/package.json';
  const who = '@binance/spot ' + JSON.parse(readFileSync(installed)).version + ': ';
  const symbol = 'BTCUSDT';
  await price(50000);
  same(who + 'time', typeof Number((await data(rest.time())).serverTime), 'number');
  same(who + 'exchangeInfo', (await data(rest.exchangeInfo({ symbol }))).symbols[0].opoAllowed, true);
  same(who + 'tickerBookTicker', (await data(rest.tickerBookTicker({ symbol }))).bidPrice,
    '49999.99000000');
  const bought = await data(rest.newOrder({ symbol, side: 'BUY', type: 'MARKET', quantity: 0.01 }));
  same(who + 'newOrder', [bought.status, bought.fills[0].commissionAsset], ['FILLED', 'BTC']);
  const oco = await data(rest.orderListOco({
    symbol, side: 'SELL', quantity: 0.005, aboveType: 'LIMIT_MAKER', abovePrice: 55000,
    belowType: 'STOP_LOSS', belowStopPrice: 48000,
  }));
  same(who + 'orderListOco', oco.orderReports.map((r) => [r.type, r.status]),
    [['STOP_LOSS', 'NEW'], ['LIMIT_MAKER', 'NEW']]);
  const leg = oco.orderReports[0];
  const moved = await data(rest.orderCancelReplace({
    symbol, side: 'SELL', type: 'STOP_LOSS', cancelReplaceMode: 'STOP_ON_FAILURE', quantity: 0.005,
    stopPrice: 49000, cancelOrderId: leg.orderId,
  }));
  same(who + 'orderCancelReplace', [moved.cancelResult, moved.newOrderResult],
    ['SUCCESS', 'SUCCESS']);
  const opoco = await data(rest.orderListOpoco({
    symbol, workingType: 'LIMIT', workingSide: 'BUY', workingPrice: 50010, workingQuantity: 0.01,
    workingTimeInForce: 'FOK', pendingSide: 'SELL', pendingAboveType: 'LIMIT_MAKER',
    pendingAbovePrice: 56000, pendingBelowType: 'STOP_LOSS', pendingBelowStopPrice: 48500,
  }));
  same(who + 'orderListOpoco answers PENDING_NEW', opoco.orderReports.map((r) => r.status),
    ['FILLED', 'PENDING_NEW', 'PENDING_NEW']);
  const stop = opoco.orderReports[1];
  same(who + 'getOrder sees the stop resting',
    (await data(rest.getOrder({ symbol, orderId: stop.orderId }))).status, 'NEW');
  same(who + 'openOrderList', (await data(rest.openOrderList())).length, 1);
  await price(48000);
  same(who + 'both stops have sold', (await data(rest.getOpenOrders({ symbol }))).length, 0);
  same(who + 'myTrades', (await data(rest.myTrades({ symbol, orderId: stop.orderId }))).length, 1);
  const otoco = await data(rest.orderListOtoco({
    symbol, workingType: 'LIMIT', workingSide: 'BUY', workingPrice: 47000, workingQuantity: 0.01,
    workingTimeInForce: 'GTC', pendingSide: 'SELL', pendingQuantity: 0.00999,
    pendingAboveType: 'LIMIT_MAKER', pendingAbovePrice: 56000, pendingBelowType: 'STOP_LOSS',
    pendingBelowStopPrice: 45000,
  }));
  same(who + 'deleteOrderList', (await data(rest.deleteOrderList(
    { symbol, orderListId: otoco.orderListId }))).listOrderStatus, 'ALL_DONE');
  same(who + 'rateLimitOrder', (await data(rest.rateLimitOrder())).length, 2);
  same(who + 'accountCommission',
    (await data(rest.accountCommission({ symbol }))).standardCommission.taker, '0.00100000');
  same(who + 'getAccount', (await data(rest.getAccount({ omitZeroBalances: true }))).canTrade, true);
  const refusal = await rest.newOrder({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC',
    quantity: 0.01, price: 0.001 }).catch((error) => error.constructor.name);
  same(who + 'a refusal is a BadRequestError', refusal, 'BadRequestError');
}

for (const run of [withCcxt, withConnector])
  await run().catch((error) => same(run.name + ' stopped', String(error.stack || error), ''));
