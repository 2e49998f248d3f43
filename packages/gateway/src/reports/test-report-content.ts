import type { ReportContent, ReportLink } from './content.ts';

const link = (title: string, url: string, state: ReportLink['state'] = 'checked'): ReportLink => ({
  title,
  url,
  state,
});

/** An English report with all that a report can have. Its news are made up. */
export const englishReport: ReportContent = {
  name: 'morning',
  language: 'en',
  title: 'The Morning Brief',
  date: '2026-03-02',
  timeZone: 'America/Los_Angeles',
  writtenAt: 1_772_470_800_000,
  headline: 'Chips steady, rates on hold, and a quiet week for the ports',
  summary: [
    'Central bankers signalled no change before June; bond yields barely moved. 📉',
    'Two large chip makers confirmed their guidance, and shares recovered half of last week’s loss.',
    'A long-term study finds that ten minutes of brisk walking a day already counts.',
  ],
  sections: [
    {
      id: 'quotation',
      title: 'Quotation of the day',
      items: [],
      quotation: {
        text: 'The impediment to action advances action. What stands in the way becomes the way.',
        author: 'Marcus Aurelius',
        source: 'Meditations, book V',
        note: 'For a Monday on which the first plan did not work.',
      },
    },
    {
      id: 'watch-list',
      title: 'Watch list',
      table: {
        columns: [
          { title: 'Symbol', align: 'left' },
          { title: 'Company', align: 'left' },
          { title: 'Close', align: 'right' },
          { title: 'Day', align: 'right' },
          { title: 'What moved it', align: 'left' },
        ],
        rows: [
          ['ABCD', 'Abacus & Daughters', '182.40', '+1.2%', 'Guidance confirmed'],
          ['EFGH', 'Eggs, Figs & Ham Holdings', '74.11', '-0.4%', 'No news; follows the sector'],
          ['IJKL', 'Inkjet_Laser 100% Ltd', '9.87', '+12.9%', 'Takeover offer at $11 in cash'],
          ['MNOP', '明年欧普', '310.00', '-2.5%', 'Recall of 40,000 batteries 🔋'],
        ],
        note: 'Closing prices of 27 February, New York time.',
      },
      items: [
        {
          text: 'The index closed **0.6% higher**. Volume was below its average of thirty days.',
          links: [
            link(
              'Markets wrap: shares recover',
              'https://www.example.com/markets/wrap?id=27&lang=en',
            ),
          ],
        },
      ],
    },
    {
      id: 'news',
      title: 'News',
      items: [
        {
          title: 'Rates: “no hurry” in either direction',
          text:
            'The committee left its rate where it was and removed the word *patient* from its statement. Three things ' +
            'matter for the coming weeks:\n\n1. inflation of services, which is still above 3%;\n2. wages, which ' +
            'slow down — the quarterly index comes out on Friday;\n3. the balance sheet, whose reduction goes on at ' +
            '`$25bn` a month.\n\n> We would need to see several months of data before we move.\n\nMarkets now expect ' +
            'the first step in September.',
          links: [
            link('Statement of the committee', 'https://www.example.org/press/statement'),
            link('What changed in the wording', 'https://news.example.com/rates/wording#table_2'),
          ],
        },
        {
          title: 'Ports reopen after a three-day strike 🚢',
          text:
            'Both sides accepted the mediator’s plan: **4.1%** over two years, and automation is to be agreed on ' +
            'terminal by terminal.\n\n| Port | Ships waiting | Normal by |\n|:--|--:|:--|\n| Long Beach | 14 | Thursday |\n' +
            '| Oakland | 3 | Tuesday |\n| Seattle | 0 | — |',
          links: [
            link('Mediator’s plan accepted', 'https://example.net/ports'),
            link('An older piece that is gone', 'https://old.example.net/2019/strike', 'dead'),
          ],
        },
      ],
    },
    {
      id: 'health',
      title: 'Health',
      items: [
        {
          title: 'Ten minutes count 🚶‍♀️',
          text: 'A cohort of 90,000 people over eleven years: those who walked briskly for ten minutes a day had a risk 15% lower than those who did not. More helped more, with less gain for each further minute.',
          links: [link('The study, open access', 'https://journal.example.edu/10.1000/xyz123')],
        },
      ],
    },
    {
      id: 'career',
      title: 'Career',
      items: [],
      missing:
        'This section could not be had today: the search found nothing newer than last week.',
    },
  ],
  note:
    'Good morning,\n\nyou asked last week whether the **ports** would matter for your shipment. They do: it should be ' +
    'unloaded on *Thursday*. Until then I would not book the truck.\n\n- [x] ask the agent for the slot\n- [ ] confirm the ' +
    'warehouse\n\nHave a good start 👋🏽',
};

/** The same in Chinese. */
export const chineseReport: ReportContent = {
  name: 'daily-zh',
  language: 'zh',
  title: '每日早报',
  date: '2026-03-02',
  timeZone: 'Asia/Shanghai',
  writtenAt: 1_772_413_200_000,
  headline: '两会前市场观望，算力与电力设备领涨',
  summary: [
    '沪指微涨0.3%，成交额连续三日低于1.5万亿元，资金等待政策信号。',
    '国家数据局公布首批可信数据空间名单，运营商与云厂商受益。📈',
    '今日概念：久期——利率变动时，债券价格会动多少。',
  ],
  sections: [
    {
      id: 'markets',
      title: '市场',
      table: {
        columns: [
          { title: '指数', align: 'left' },
          { title: '收盘', align: 'right' },
          { title: '涨跌', align: 'right' },
          { title: '看点', align: 'left' },
        ],
        rows: [
          ['上证指数', '3,342.18', '+0.31%', '银行、电力设备走强'],
          ['深证成指', '10,611.24', '-0.12%', '消费电子回调'],
          ['恒生指数', '23,119.50', '+1.84%', '南向资金净流入112亿港元'],
          ['美元兑人民币', '7.2415', '-0.05%', '中间价连续四日持稳'],
        ],
        note: '数据为2026年2月27日收盘价，来自各交易所官网。',
      },
      items: [
        {
          title: '缩量整理，等待两会信号',
          text:
            '上周五两市成交**1.42万亿元**，较前一日再缩8%。板块上，*电力设备*与银行领涨，消费电子因 `MNOP` 召回' +
            '事件回调。\n\n“宽信用”的线索主要有三条：\n\n1. 专项债发行节奏加快，3月计划量同比多出约2,000亿元；\n2. 居民中长期贷款连续两个月' +
            '同比多增；\n3. 票据利率回升。',
          links: [
            link('上交所：市场概况', 'https://www.example.cn/market/概况?日期=20260227'),
            link('专项债发行计划一览', 'https://bond.example.cn/plan'),
          ],
        },
      ],
    },
    {
      id: 'risks',
      title: '风险与机会',
      items: [
        {
          text:
            '- **风险**：美国服务业通胀仍高于3%，降息预期若再推迟，成长股估值承压。\n- **机会**：可信数据空间名单落地，' +
            '相关订单预计二季度释放。\n  - 关注运营商资本开支指引\n  - 关注数据基础设施REITs',
          links: [link('首批可信数据空间名单公布', 'https://data.example.gov.cn/list')],
        },
      ],
    },
    {
      id: 'quotation',
      title: '今日一言',
      items: [],
      quotation: {
        text: '不积跬步，无以至千里；不积小流，无以成江海。',
        author: '荀子',
        source: '《劝学》',
        note: '写给每一个不起眼的星期一。',
      },
    },
    {
      id: 'technology',
      title: '技术',
      items: [
        {
          title: '用一行代码看清内存',
          text:
            'Node.js 的 `process.memoryUsage()` 返回的 *rss* 包含共享页，不能直接相加：\n\n```js\nconst { rss, heapUsed } = ' +
            'process.memoryUsage();\nif (rss > 512 * 2 ** 20) console.warn(`内存偏高`, rss);\n```\n\n生僻字也应当显示：𠮷野家、㐂、𪚥、龘、\u{30ede}\u{30ede}面。',
          links: [link('Node.js 文档', 'https://nodejs.org/api/process.html')],
        },
      ],
    },
    {
      id: 'concept',
      title: '金融概念：久期',
      items: [
        {
          text: '久期（duration）衡量债券价格对利率的敏感度。久期为5年的债券，利率上升1个百分点，价格约下跌5%。\n\n| 久期 | 利率 +1% | 利率 −1% |\n|---|--:|--:|\n| 2年 | 约 −2% | 约 +2% |\n| 5年 | 约 −5% | 约 +5% |\n| 10年 | 约 −10% | 约 +10% |',
          links: [],
        },
      ],
    },
    {
      id: 'health',
      title: '健康',
      items: [],
      missing: '今天没能取得这一节的内容：检索未返回可靠来源。',
    },
    {
      id: 'headlines',
      title: '科技头条',
      items: [
        {
          title: '开源模型周报 🤖🇨🇳',
          text: '本周有三个新模型发布，其中两个采用宽松许可。家庭 👨‍👩‍👧‍👦 版助手开始内测。',
          links: [
            link('发布说明', 'https://models.example.com/releases', 'unchecked'),
            link('旧闻', 'https://gone.example.com/x', 'dead'),
          ],
        },
      ],
    },
  ],
};
