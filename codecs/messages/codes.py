# Generated from schemas/codes.xsd by onewindow.codecs.compiler; do not edit.
"""Code lists. No namespace of its own: every message schema takes these types into its own by xs:include. In all
annotations the words before the first full stop are the label; what follows explains it.
代码表。本文件无命名空间，由各报文模式通过 xs:include 引入。所有注释中首个句号之前为名称，其后为说明。
"""

from __future__ import annotations

from enum import StrEnum


class CountryCode(StrEnum):
    """Country. ISO 3166-1 alpha-2, all codes officially assigned.
    国别（地区）代码。ISO 3166-1 二字母代码，全部正式代码。
    """

    AD = "AD"  # Andorra; 安道尔
    AE = "AE"  # United Arab Emirates; 阿拉伯联合酋长国
    AF = "AF"  # Afghanistan; 阿富汗
    AG = "AG"  # Antigua and Barbuda; 安提瓜和巴布达
    AI = "AI"  # Anguilla; 安圭拉
    AL = "AL"  # Albania; 阿尔巴尼亚
    AM = "AM"  # Armenia; 亚美尼亚
    AO = "AO"  # Angola; 安哥拉
    AQ = "AQ"  # Antarctica; 南极洲
    AR = "AR"  # Argentina; 阿根廷
    AS = "AS"  # American Samoa; 美属萨摩亚
    AT = "AT"  # Austria; 奥地利
    AU = "AU"  # Australia; 澳大利亚
    AW = "AW"  # Aruba; 阿鲁巴
    AX = "AX"  # Åland Islands; 奥兰群岛
    AZ = "AZ"  # Azerbaijan; 阿塞拜疆
    BA = "BA"  # Bosnia and Herzegovina; 波斯尼亚和黑塞哥维那
    BB = "BB"  # Barbados; 巴巴多斯
    BD = "BD"  # Bangladesh; 孟加拉国
    BE = "BE"  # Belgium; 比利时
    BF = "BF"  # Burkina Faso; 布基纳法索
    BG = "BG"  # Bulgaria; 保加利亚
    BH = "BH"  # Bahrain; 巴林
    BI = "BI"  # Burundi; 布隆迪
    BJ = "BJ"  # Benin; 贝宁
    BL = "BL"  # Saint Barthélemy; 圣巴泰勒米
    BM = "BM"  # Bermuda; 百慕大
    BN = "BN"  # Brunei Darussalam; 文莱
    BO = "BO"  # Bolivia; 玻利维亚
    BQ = "BQ"  # Bonaire, Sint Eustatius and Saba; 博奈尔、圣俄斯塔休斯和萨巴
    BR = "BR"  # Brazil; 巴西
    BS = "BS"  # Bahamas; 巴哈马
    BT = "BT"  # Bhutan; 不丹
    BV = "BV"  # Bouvet Island; 布韦岛
    BW = "BW"  # Botswana; 博茨瓦纳
    BY = "BY"  # Belarus; 白俄罗斯
    BZ = "BZ"  # Belize; 伯利兹
    CA = "CA"  # Canada; 加拿大
    CC = "CC"  # Cocos (Keeling) Islands; 科科斯（基林）群岛
    CD = "CD"  # Congo, Democratic Republic of the; 刚果（金）
    CF = "CF"  # Central African Republic; 中非共和国
    CG = "CG"  # Congo; 刚果（布）
    CH = "CH"  # Switzerland; 瑞士
    CI = "CI"  # Côte d'Ivoire; 科特迪瓦
    CK = "CK"  # Cook Islands; 库克群岛
    CL = "CL"  # Chile; 智利
    CM = "CM"  # Cameroon; 喀麦隆
    CN = "CN"  # China; 中国
    CO = "CO"  # Colombia; 哥伦比亚
    CR = "CR"  # Costa Rica; 哥斯达黎加
    CU = "CU"  # Cuba; 古巴
    CV = "CV"  # Cabo Verde; 佛得角
    CW = "CW"  # Curaçao; 库拉索
    CX = "CX"  # Christmas Island; 圣诞岛
    CY = "CY"  # Cyprus; 塞浦路斯
    CZ = "CZ"  # Czechia; 捷克
    DE = "DE"  # Germany; 德国
    DJ = "DJ"  # Djibouti; 吉布提
    DK = "DK"  # Denmark; 丹麦
    DM = "DM"  # Dominica; 多米尼克
    DO = "DO"  # Dominican Republic; 多米尼加共和国
    DZ = "DZ"  # Algeria; 阿尔及利亚
    EC = "EC"  # Ecuador; 厄瓜多尔
    EE = "EE"  # Estonia; 爱沙尼亚
    EG = "EG"  # Egypt; 埃及
    EH = "EH"  # Western Sahara; 西撒哈拉
    ER = "ER"  # Eritrea; 厄立特里亚
    ES = "ES"  # Spain; 西班牙
    ET = "ET"  # Ethiopia; 埃塞俄比亚
    FI = "FI"  # Finland; 芬兰
    FJ = "FJ"  # Fiji; 斐济
    FK = "FK"  # Falkland Islands (Malvinas); 福克兰群岛（马尔维纳斯）
    FM = "FM"  # Micronesia, Federated States of; 密克罗尼西亚联邦
    FO = "FO"  # Faroe Islands; 法罗群岛
    FR = "FR"  # France; 法国
    GA = "GA"  # Gabon; 加蓬
    GB = "GB"  # United Kingdom; 英国
    GD = "GD"  # Grenada; 格林纳达
    GE = "GE"  # Georgia; 格鲁吉亚
    GF = "GF"  # French Guiana; 法属圭亚那
    GG = "GG"  # Guernsey; 根西岛
    GH = "GH"  # Ghana; 加纳
    GI = "GI"  # Gibraltar; 直布罗陀
    GL = "GL"  # Greenland; 格陵兰
    GM = "GM"  # Gambia; 冈比亚
    GN = "GN"  # Guinea; 几内亚
    GP = "GP"  # Guadeloupe; 瓜德罗普
    GQ = "GQ"  # Equatorial Guinea; 赤道几内亚
    GR = "GR"  # Greece; 希腊
    GS = "GS"  # South Georgia and South Sandwich Islands; 南乔治亚和南桑威奇群岛
    GT = "GT"  # Guatemala; 危地马拉
    GU = "GU"  # Guam; 关岛
    GW = "GW"  # Guinea-Bissau; 几内亚比绍
    GY = "GY"  # Guyana; 圭亚那
    HK = "HK"  # Hong Kong, China; 中国香港
    HM = "HM"  # Heard Island and McDonald Islands; 赫德岛和麦克唐纳群岛
    HN = "HN"  # Honduras; 洪都拉斯
    HR = "HR"  # Croatia; 克罗地亚
    HT = "HT"  # Haiti; 海地
    HU = "HU"  # Hungary; 匈牙利
    ID = "ID"  # Indonesia; 印度尼西亚
    IE = "IE"  # Ireland; 爱尔兰
    IL = "IL"  # Israel; 以色列
    IM = "IM"  # Isle of Man; 马恩岛
    IN = "IN"  # India; 印度
    IO = "IO"  # British Indian Ocean Territory; 英属印度洋领地
    IQ = "IQ"  # Iraq; 伊拉克
    IR = "IR"  # Iran, Islamic Republic of; 伊朗
    IS = "IS"  # Iceland; 冰岛
    IT = "IT"  # Italy; 意大利
    JE = "JE"  # Jersey; 泽西岛
    JM = "JM"  # Jamaica; 牙买加
    JO = "JO"  # Jordan; 约旦
    JP = "JP"  # Japan; 日本
    KE = "KE"  # Kenya; 肯尼亚
    KG = "KG"  # Kyrgyzstan; 吉尔吉斯斯坦
    KH = "KH"  # Cambodia; 柬埔寨
    KI = "KI"  # Kiribati; 基里巴斯
    KM = "KM"  # Comoros; 科摩罗
    KN = "KN"  # Saint Kitts and Nevis; 圣基茨和尼维斯
    KP = "KP"  # Korea, Democratic People's Republic of; 朝鲜
    KR = "KR"  # Korea, Republic of; 韩国
    KW = "KW"  # Kuwait; 科威特
    KY = "KY"  # Cayman Islands; 开曼群岛
    KZ = "KZ"  # Kazakhstan; 哈萨克斯坦
    LA = "LA"  # Lao People's Democratic Republic; 老挝
    LB = "LB"  # Lebanon; 黎巴嫩
    LC = "LC"  # Saint Lucia; 圣卢西亚
    LI = "LI"  # Liechtenstein; 列支敦士登
    LK = "LK"  # Sri Lanka; 斯里兰卡
    LR = "LR"  # Liberia; 利比里亚
    LS = "LS"  # Lesotho; 莱索托
    LT = "LT"  # Lithuania; 立陶宛
    LU = "LU"  # Luxembourg; 卢森堡
    LV = "LV"  # Latvia; 拉脱维亚
    LY = "LY"  # Libya; 利比亚
    MA = "MA"  # Morocco; 摩洛哥
    MC = "MC"  # Monaco; 摩纳哥
    MD = "MD"  # Moldova; 摩尔多瓦
    ME = "ME"  # Montenegro; 黑山
    MF = "MF"  # Saint Martin (French part); 法属圣马丁
    MG = "MG"  # Madagascar; 马达加斯加
    MH = "MH"  # Marshall Islands; 马绍尔群岛
    MK = "MK"  # North Macedonia; 北马其顿
    ML = "ML"  # Mali; 马里
    MM = "MM"  # Myanmar; 缅甸
    MN = "MN"  # Mongolia; 蒙古
    MO = "MO"  # Macao, China; 中国澳门
    MP = "MP"  # Northern Mariana Islands; 北马里亚纳群岛
    MQ = "MQ"  # Martinique; 马提尼克
    MR = "MR"  # Mauritania; 毛里塔尼亚
    MS = "MS"  # Montserrat; 蒙特塞拉特
    MT = "MT"  # Malta; 马耳他
    MU = "MU"  # Mauritius; 毛里求斯
    MV = "MV"  # Maldives; 马尔代夫
    MW = "MW"  # Malawi; 马拉维
    MX = "MX"  # Mexico; 墨西哥
    MY = "MY"  # Malaysia; 马来西亚
    MZ = "MZ"  # Mozambique; 莫桑比克
    NA = "NA"  # Namibia; 纳米比亚
    NC = "NC"  # New Caledonia; 新喀里多尼亚
    NE = "NE"  # Niger; 尼日尔
    NF = "NF"  # Norfolk Island; 诺福克岛
    NG = "NG"  # Nigeria; 尼日利亚
    NI = "NI"  # Nicaragua; 尼加拉瓜
    NL = "NL"  # Netherlands; 荷兰
    NO = "NO"  # Norway; 挪威
    NP = "NP"  # Nepal; 尼泊尔
    NR = "NR"  # Nauru; 瑙鲁
    NU = "NU"  # Niue; 纽埃
    NZ = "NZ"  # New Zealand; 新西兰
    OM = "OM"  # Oman; 阿曼
    PA = "PA"  # Panama; 巴拿马
    PE = "PE"  # Peru; 秘鲁
    PF = "PF"  # French Polynesia; 法属波利尼西亚
    PG = "PG"  # Papua New Guinea; 巴布亚新几内亚
    PH = "PH"  # Philippines; 菲律宾
    PK = "PK"  # Pakistan; 巴基斯坦
    PL = "PL"  # Poland; 波兰
    PM = "PM"  # Saint Pierre and Miquelon; 圣皮埃尔和密克隆群岛
    PN = "PN"  # Pitcairn; 皮特凯恩
    PR = "PR"  # Puerto Rico; 波多黎各
    PS = "PS"  # Palestine, State of; 巴勒斯坦国
    PT = "PT"  # Portugal; 葡萄牙
    PW = "PW"  # Palau; 帕劳
    PY = "PY"  # Paraguay; 巴拉圭
    QA = "QA"  # Qatar; 卡塔尔
    RE = "RE"  # Réunion; 留尼汪
    RO = "RO"  # Romania; 罗马尼亚
    RS = "RS"  # Serbia; 塞尔维亚
    RU = "RU"  # Russian Federation; 俄罗斯
    RW = "RW"  # Rwanda; 卢旺达
    SA = "SA"  # Saudi Arabia; 沙特阿拉伯
    SB = "SB"  # Solomon Islands; 所罗门群岛
    SC = "SC"  # Seychelles; 塞舌尔
    SD = "SD"  # Sudan; 苏丹
    SE = "SE"  # Sweden; 瑞典
    SG = "SG"  # Singapore; 新加坡
    SH = "SH"  # Saint Helena, Ascension and Tristan da Cunha; 圣赫勒拿、阿森松和特里斯坦-达库尼亚
    SI = "SI"  # Slovenia; 斯洛文尼亚
    SJ = "SJ"  # Svalbard and Jan Mayen; 斯瓦尔巴和扬马延
    SK = "SK"  # Slovakia; 斯洛伐克
    SL = "SL"  # Sierra Leone; 塞拉利昂
    SM = "SM"  # San Marino; 圣马力诺
    SN = "SN"  # Senegal; 塞内加尔
    SO = "SO"  # Somalia; 索马里
    SR = "SR"  # Suriname; 苏里南
    SS = "SS"  # South Sudan; 南苏丹
    ST = "ST"  # São Tomé and Príncipe; 圣多美和普林西比
    SV = "SV"  # El Salvador; 萨尔瓦多
    SX = "SX"  # Sint Maarten (Dutch part); 荷属圣马丁
    SY = "SY"  # Syrian Arab Republic; 叙利亚
    SZ = "SZ"  # Eswatini; 斯威士兰
    TC = "TC"  # Turks and Caicos Islands; 特克斯和凯科斯群岛
    TD = "TD"  # Chad; 乍得
    TF = "TF"  # French Southern Territories; 法属南部领地
    TG = "TG"  # Togo; 多哥
    TH = "TH"  # Thailand; 泰国
    TJ = "TJ"  # Tajikistan; 塔吉克斯坦
    TK = "TK"  # Tokelau; 托克劳
    TL = "TL"  # Timor-Leste; 东帝汶
    TM = "TM"  # Turkmenistan; 土库曼斯坦
    TN = "TN"  # Tunisia; 突尼斯
    TO = "TO"  # Tonga; 汤加
    TR = "TR"  # Türkiye; 土耳其
    TT = "TT"  # Trinidad and Tobago; 特立尼达和多巴哥
    TV = "TV"  # Tuvalu; 图瓦卢
    TW = "TW"  # Taiwan, Province of China; 中国台湾
    TZ = "TZ"  # Tanzania; 坦桑尼亚
    UA = "UA"  # Ukraine; 乌克兰
    UG = "UG"  # Uganda; 乌干达
    UM = "UM"  # United States Minor Outlying Islands; 美国本土外小岛屿
    US = "US"  # United States of America; 美国
    UY = "UY"  # Uruguay; 乌拉圭
    UZ = "UZ"  # Uzbekistan; 乌兹别克斯坦
    VA = "VA"  # Holy See; 梵蒂冈
    VC = "VC"  # Saint Vincent and Grenadines; 圣文森特和格林纳丁斯
    VE = "VE"  # Venezuela; 委内瑞拉
    VG = "VG"  # Virgin Islands (British); 英属维尔京群岛
    VI = "VI"  # Virgin Islands (U.S.); 美属维尔京群岛
    VN = "VN"  # Viet Nam; 越南
    VU = "VU"  # Vanuatu; 瓦努阿图
    WF = "WF"  # Wallis and Futuna; 瓦利斯和富图纳
    WS = "WS"  # Samoa; 萨摩亚
    YE = "YE"  # Yemen; 也门
    YT = "YT"  # Mayotte; 马约特
    ZA = "ZA"  # South Africa; 南非
    ZM = "ZM"  # Zambia; 赞比亚
    ZW = "ZW"  # Zimbabwe; 津巴布韦


class CurrencyCode(StrEnum):
    """Currency. ISO 4217 alphabetic codes of currencies in circulation; fund, metal and test codes are not among them,
    since nothing is invoiced in them.
    币制代码。ISO 4217 字母代码中的流通货币；不含基金、贵金属及测试代码。
    """

    AED = "AED"  # United Arab Emirates Dirham; 阿联酋迪拉姆
    AFN = "AFN"  # Afghan Afghani; 阿富汗尼
    ALL = "ALL"  # Albanian Lek; 阿尔巴尼亚列克
    AMD = "AMD"  # Armenian Dram; 亚美尼亚德拉姆
    AOA = "AOA"  # Angolan Kwanza; 安哥拉宽扎
    ARS = "ARS"  # Argentine Peso; 阿根廷比索
    AUD = "AUD"  # Australian Dollar; 澳大利亚元
    AWG = "AWG"  # Aruban Florin; 阿鲁巴弗罗林
    AZN = "AZN"  # Azerbaijani Manat; 阿塞拜疆马纳特
    BAM = "BAM"  # Bosnia-Herzegovina Convertible Mark; 波斯尼亚-黑塞哥维那可兑换马克
    BBD = "BBD"  # Barbadian Dollar; 巴巴多斯元
    BDT = "BDT"  # Bangladeshi Taka; 孟加拉塔卡
    BHD = "BHD"  # Bahraini Dinar; 巴林第纳尔
    BIF = "BIF"  # Burundian Franc; 布隆迪法郎
    BMD = "BMD"  # Bermudan Dollar; 百慕大元
    BND = "BND"  # Brunei Dollar; 文莱元
    BOB = "BOB"  # Bolivian Boliviano; 玻利维亚诺
    BRL = "BRL"  # Brazilian Real; 巴西雷亚尔
    BSD = "BSD"  # Bahamian Dollar; 巴哈马元
    BTN = "BTN"  # Bhutanese Ngultrum; 不丹努尔特鲁姆
    BWP = "BWP"  # Botswanan Pula; 博茨瓦纳普拉
    BYN = "BYN"  # Belarusian Ruble; 白俄罗斯卢布
    BZD = "BZD"  # Belize Dollar; 伯利兹元
    CAD = "CAD"  # Canadian Dollar; 加拿大元
    CDF = "CDF"  # Congolese Franc; 刚果法郎
    CHF = "CHF"  # Swiss Franc; 瑞士法郎
    CLP = "CLP"  # Chilean Peso; 智利比索
    CNY = "CNY"  # Yuan Renminbi; 人民币
    COP = "COP"  # Colombian Peso; 哥伦比亚比索
    CRC = "CRC"  # Costa Rican Colón; 哥斯达黎加科朗
    CUP = "CUP"  # Cuban Peso; 古巴比索
    CVE = "CVE"  # Cape Verdean Escudo; 佛得角埃斯库多
    CZK = "CZK"  # Czech Koruna; 捷克克朗
    DJF = "DJF"  # Djiboutian Franc; 吉布提法郎
    DKK = "DKK"  # Danish Krone; 丹麦克朗
    DOP = "DOP"  # Dominican Peso; 多米尼加比索
    DZD = "DZD"  # Algerian Dinar; 阿尔及利亚第纳尔
    EGP = "EGP"  # Egyptian Pound; 埃及镑
    ERN = "ERN"  # Eritrean Nakfa; 厄立特里亚纳克法
    ETB = "ETB"  # Ethiopian Birr; 埃塞俄比亚比尔
    EUR = "EUR"  # Euro; 欧元
    FJD = "FJD"  # Fijian Dollar; 斐济元
    FKP = "FKP"  # Falkland Islands Pound; 福克兰群岛镑
    GBP = "GBP"  # Pound Sterling; 英镑
    GEL = "GEL"  # Georgian Lari; 格鲁吉亚拉里
    GHS = "GHS"  # Ghanaian Cedi; 加纳塞地
    GIP = "GIP"  # Gibraltar Pound; 直布罗陀镑
    GMD = "GMD"  # Gambian Dalasi; 冈比亚达拉西
    GNF = "GNF"  # Guinean Franc; 几内亚法郎
    GTQ = "GTQ"  # Guatemalan Quetzal; 危地马拉格查尔
    GYD = "GYD"  # Guyana Dollar; 圭亚那元
    HKD = "HKD"  # Hong Kong Dollar; 港元
    HNL = "HNL"  # Honduran Lempira; 洪都拉斯伦皮拉
    HTG = "HTG"  # Haitian Gourde; 海地古德
    HUF = "HUF"  # Hungarian Forint; 匈牙利福林
    IDR = "IDR"  # Indonesian Rupiah; 印度尼西亚卢比
    ILS = "ILS"  # Israeli New Shekel; 以色列新谢克尔
    INR = "INR"  # Indian Rupee; 印度卢比
    IQD = "IQD"  # Iraqi Dinar; 伊拉克第纳尔
    IRR = "IRR"  # Iranian Rial; 伊朗里亚尔
    ISK = "ISK"  # Icelandic Króna; 冰岛克朗
    JMD = "JMD"  # Jamaican Dollar; 牙买加元
    JOD = "JOD"  # Jordanian Dinar; 约旦第纳尔
    JPY = "JPY"  # Japanese Yen; 日元
    KES = "KES"  # Kenyan Shilling; 肯尼亚先令
    KGS = "KGS"  # Kyrgyzstani Som; 吉尔吉斯斯坦索姆
    KHR = "KHR"  # Cambodian Riel; 柬埔寨瑞尔
    KMF = "KMF"  # Comorian Franc; 科摩罗法郎
    KPW = "KPW"  # North Korean Won; 朝鲜元
    KRW = "KRW"  # South Korean Won; 韩元
    KWD = "KWD"  # Kuwaiti Dinar; 科威特第纳尔
    KYD = "KYD"  # Cayman Islands Dollar; 开曼元
    KZT = "KZT"  # Kazakhstani Tenge; 哈萨克斯坦坚戈
    LAK = "LAK"  # Laotian Kip; 老挝基普
    LBP = "LBP"  # Lebanese Pound; 黎巴嫩镑
    LKR = "LKR"  # Sri Lankan Rupee; 斯里兰卡卢比
    LRD = "LRD"  # Liberian Dollar; 利比里亚元
    LSL = "LSL"  # Lesotho Loti; 莱索托洛蒂
    LYD = "LYD"  # Libyan Dinar; 利比亚第纳尔
    MAD = "MAD"  # Moroccan Dirham; 摩洛哥迪拉姆
    MDL = "MDL"  # Moldovan Leu; 摩尔多瓦列伊
    MGA = "MGA"  # Malagasy Ariary; 马达加斯加阿里亚里
    MKD = "MKD"  # Macedonian Denar; 马其顿第纳尔
    MMK = "MMK"  # Myanmar Kyat; 缅甸缅元
    MNT = "MNT"  # Mongolian Tugrik; 蒙古图格里克
    MOP = "MOP"  # Macao Pataca; 澳门元
    MRU = "MRU"  # Mauritanian Ouguiya; 毛里塔尼亚乌吉亚
    MUR = "MUR"  # Mauritian Rupee; 毛里求斯卢比
    MVR = "MVR"  # Maldivian Rufiyaa; 马尔代夫卢菲亚
    MWK = "MWK"  # Malawian Kwacha; 马拉维克瓦查
    MXN = "MXN"  # Mexican Peso; 墨西哥比索
    MYR = "MYR"  # Malaysian Ringgit; 马来西亚林吉特
    MZN = "MZN"  # Mozambican Metical; 莫桑比克美提卡
    NAD = "NAD"  # Namibian Dollar; 纳米比亚元
    NGN = "NGN"  # Nigerian Naira; 尼日利亚奈拉
    NIO = "NIO"  # Nicaraguan Córdoba; 尼加拉瓜科多巴
    NOK = "NOK"  # Norwegian Krone; 挪威克朗
    NPR = "NPR"  # Nepalese Rupee; 尼泊尔卢比
    NZD = "NZD"  # New Zealand Dollar; 新西兰元
    OMR = "OMR"  # Omani Rial; 阿曼里亚尔
    PAB = "PAB"  # Panamanian Balboa; 巴拿马巴波亚
    PEN = "PEN"  # Peruvian Sol; 秘鲁索尔
    PGK = "PGK"  # Papua New Guinean Kina; 巴布亚新几内亚基那
    PHP = "PHP"  # Philippine Peso; 菲律宾比索
    PKR = "PKR"  # Pakistani Rupee; 巴基斯坦卢比
    PLN = "PLN"  # Polish Zloty; 波兰兹罗提
    PYG = "PYG"  # Paraguayan Guarani; 巴拉圭瓜拉尼
    QAR = "QAR"  # Qatari Riyal; 卡塔尔里亚尔
    RON = "RON"  # Romanian Leu; 罗马尼亚列伊
    RSD = "RSD"  # Serbian Dinar; 塞尔维亚第纳尔
    RUB = "RUB"  # Russian Ruble; 俄罗斯卢布
    RWF = "RWF"  # Rwandan Franc; 卢旺达法郎
    SAR = "SAR"  # Saudi Riyal; 沙特里亚尔
    SBD = "SBD"  # Solomon Islands Dollar; 所罗门群岛元
    SCR = "SCR"  # Seychellois Rupee; 塞舌尔卢比
    SDG = "SDG"  # Sudanese Pound; 苏丹镑
    SEK = "SEK"  # Swedish Krona; 瑞典克朗
    SGD = "SGD"  # Singapore Dollar; 新加坡元
    SHP = "SHP"  # Saint Helena Pound; 圣赫勒拿镑
    SLE = "SLE"  # Sierra Leonean Leone; 塞拉利昂利昂
    SOS = "SOS"  # Somali Shilling; 索马里先令
    SRD = "SRD"  # Surinamese Dollar; 苏里南元
    SSP = "SSP"  # South Sudanese Pound; 南苏丹镑
    STN = "STN"  # São Tomé and Príncipe Dobra; 圣多美和普林西比多布拉
    SVC = "SVC"  # Salvadoran Colón; 萨尔瓦多科朗
    SYP = "SYP"  # Syrian Pound; 叙利亚镑
    SZL = "SZL"  # Swazi Lilangeni; 斯威士兰里兰吉尼
    THB = "THB"  # Thai Baht; 泰铢
    TJS = "TJS"  # Tajikistani Somoni; 塔吉克斯坦索莫尼
    TMT = "TMT"  # Turkmenistani Manat; 土库曼斯坦马纳特
    TND = "TND"  # Tunisian Dinar; 突尼斯第纳尔
    TOP = "TOP"  # Tongan Pa'anga; 汤加潘加
    TRY = "TRY"  # Turkish Lira; 土耳其里拉
    TTD = "TTD"  # Trinidad and Tobago Dollar; 特立尼达和多巴哥元
    TWD = "TWD"  # New Taiwan Dollar; 新台币
    TZS = "TZS"  # Tanzanian Shilling; 坦桑尼亚先令
    UAH = "UAH"  # Ukrainian Hryvnia; 乌克兰格里夫纳
    UGX = "UGX"  # Ugandan Shilling; 乌干达先令
    USD = "USD"  # US Dollar; 美元
    UYU = "UYU"  # Uruguayan Peso; 乌拉圭比索
    UZS = "UZS"  # Uzbekistani Som; 乌兹别克斯坦苏姆
    VED = "VED"  # Venezuelan Digital Bolívar; 委内瑞拉数字玻利瓦尔
    VES = "VES"  # Venezuelan Bolívar; 委内瑞拉玻利瓦尔
    VND = "VND"  # Vietnamese Dong; 越南盾
    VUV = "VUV"  # Vanuatu Vatu; 瓦努阿图瓦图
    WST = "WST"  # Samoan Tala; 萨摩亚塔拉
    XAF = "XAF"  # Central African CFA Franc; 中非法郎
    XCD = "XCD"  # East Caribbean Dollar; 东加勒比元
    XCG = "XCG"  # Caribbean Guilder; 加勒比盾
    XOF = "XOF"  # West African CFA Franc; 西非法郎
    XPF = "XPF"  # CFP Franc; 太平洋法郎
    YER = "YER"  # Yemeni Rial; 也门里亚尔
    ZAR = "ZAR"  # South African Rand; 南非兰特
    ZMW = "ZMW"  # Zambian Kwacha; 赞比亚克瓦查
    ZWG = "ZWG"  # Zimbabwe Gold; 津巴布韦金


class UnitCode(StrEnum):
    """Unit of measure. UN/ECE Recommendation 20, the units that trade uses.
    计量单位代码。UN/ECE 第20号建议书，贸易常用单位。
    """

    APZ = "APZ"  # Troy ounce; 金衡盎司
    BLL = "BLL"  # Barrel (US petroleum); 桶（石油）
    C62 = "C62"  # One; 一
    CEN = "CEN"  # Hundred; 百个
    CLT = "CLT"  # Centilitre; 厘升
    CMK = "CMK"  # Square centimetre; 平方厘米
    CMQ = "CMQ"  # Cubic centimetre; 立方厘米
    CMT = "CMT"  # Centimetre; 厘米
    CTM = "CTM"  # Metric carat; 克拉
    DMQ = "DMQ"  # Cubic decimetre; 立方分米
    DTN = "DTN"  # Decitonne; 公担
    DZN = "DZN"  # Dozen; 打
    EA = "EA"  # Each; 每个
    FOT = "FOT"  # Foot; 英尺
    FTK = "FTK"  # Square foot; 平方英尺
    FTQ = "FTQ"  # Cubic foot; 立方英尺
    GLI = "GLI"  # Gallon (UK); 英加仑
    GLL = "GLL"  # Gallon (US); 美加仑
    GRM = "GRM"  # Gram; 克
    GRO = "GRO"  # Gross; 罗
    GWH = "GWH"  # Gigawatt hour; 吉瓦时
    H87 = "H87"  # Piece; 件、个、台、只
    HLT = "HLT"  # Hectolitre; 百升
    INH = "INH"  # Inch; 英寸
    INK = "INK"  # Square inch; 平方英寸
    INQ = "INQ"  # Cubic inch; 立方英寸
    KGM = "KGM"  # Kilogram; 千克
    KMT = "KMT"  # Kilometre; 千米
    KNI = "KNI"  # Kilogram of nitrogen; 千克（氮）
    KPO = "KPO"  # Kilogram of potassium oxide; 千克（氧化钾）
    KPP = "KPP"  # Kilogram of phosphorus pentoxide; 千克（五氧化二磷）
    KSD = "KSD"  # Kilogram of substance 90 % dry; 千克（90%干物质）
    KSH = "KSH"  # Kilogram of sodium hydroxide; 千克（氢氧化钠）
    KUR = "KUR"  # Kilogram of uranium; 千克（铀）
    KWH = "KWH"  # Kilowatt hour; 千瓦时
    KWT = "KWT"  # Kilowatt; 千瓦
    LBR = "LBR"  # Pound; 磅
    LPA = "LPA"  # Litre of pure alcohol; 升（纯酒精）
    LTN = "LTN"  # Ton (UK), long ton; 长吨
    LTR = "LTR"  # Litre; 升
    MGM = "MGM"  # Milligram; 毫克
    MIL = "MIL"  # Thousand; 千个
    MLT = "MLT"  # Millilitre; 毫升
    MMK = "MMK"  # Square millimetre; 平方毫米
    MMT = "MMT"  # Millimetre; 毫米
    MTK = "MTK"  # Square metre; 平方米
    MTQ = "MTQ"  # Cubic metre; 立方米
    MTR = "MTR"  # Metre; 米
    MWH = "MWH"  # Megawatt hour; 兆瓦时
    NAR = "NAR"  # Number of articles; 件数
    NCL = "NCL"  # Number of cells; 单元数
    NPR = "NPR"  # Number of pairs; 双数
    ONZ = "ONZ"  # Ounce (avoirdupois); 盎司
    PR = "PR"  # Pair; 双、对、副
    SET = "SET"  # Set; 套、组
    STN = "STN"  # Ton (US), short ton; 短吨
    TNE = "TNE"  # Tonne (metric ton); 吨
    YDK = "YDK"  # Square yard; 平方码
    YRD = "YRD"  # Yard; 码


class Incoterm(StrEnum):
    """Trade term. ICC Incoterms 2020; codes as in UN/ECE Recommendation 5.
    成交方式（贸易术语）。国际商会《国际贸易术语解释通则2020》，代码见 UN/ECE 第5号建议书。
    """

    EXW = "EXW"  # Ex Works; 工厂交货
    FCA = "FCA"  # Free Carrier; 货交承运人
    CPT = "CPT"  # Carriage Paid To; 运费付至
    CIP = "CIP"  # Carriage and Insurance Paid To; 运费、保险费付至
    DAP = "DAP"  # Delivered at Place; 目的地交货
    DPU = "DPU"  # Delivered at Place Unloaded; 目的地卸货后交货
    DDP = "DDP"  # Delivered Duty Paid; 完税后交货
    FAS = "FAS"  # Free Alongside Ship; 船边交货
    FOB = "FOB"  # Free on Board; 船上交货
    CFR = "CFR"  # Cost and Freight; 成本加运费
    CIF = "CIF"  # Cost, Insurance and Freight; 成本、保险费加运费


class TransportMode(StrEnum):
    """Mode of transport. UN/ECE Recommendation 19. 运输方式代码。UN/ECE 第19号建议书。"""

    _1 = "1"  # Maritime transport; 水路运输（海运）
    _2 = "2"  # Rail transport; 铁路运输
    _3 = "3"  # Road transport; 公路运输
    _4 = "4"  # Air transport; 航空运输
    _5 = "5"  # Mail; 邮件运输
    _7 = "7"  # Fixed transport installations; 固定设施运输（管道、电网）
    _8 = "8"  # Inland water transport; 内河运输
    _9 = "9"  # Mode not applicable; 其他运输方式


class PackageType(StrEnum):
    """Package type. UN/ECE Recommendation 21, the packages that trade uses.
    包装种类代码。UN/ECE 第21号建议书，贸易常用包装。
    """

    _1A = "1A"  # Drum, steel; 钢桶
    _1B = "1B"  # Drum, aluminium; 铝桶
    _1D = "1D"  # Drum, plywood; 胶合板桶
    _1G = "1G"  # Drum, fibre; 纤维板桶
    _1W = "1W"  # Drum, wooden; 木桶（圆柱形）
    _2C = "2C"  # Barrel, wooden; 木琵琶桶
    _3A = "3A"  # Jerrican, steel; 钢罐
    _3H = "3H"  # Jerrican, plastic; 塑料罐
    _4A = "4A"  # Box, steel; 钢箱
    _4B = "4B"  # Box, aluminium; 铝箱
    _4C = "4C"  # Box, natural wood; 天然木箱
    _4D = "4D"  # Box, plywood; 胶合板箱
    _4F = "4F"  # Box, reconstituted wood; 再生木箱
    _4G = "4G"  # Box, fibreboard; 纤维板箱
    _4H = "4H"  # Box, plastic; 塑料箱
    _7A = "7A"  # Case, car; 车辆箱
    _7B = "7B"  # Case, wooden; 木箱
    _8A = "8A"  # Pallet, wooden; 木托盘
    _8B = "8B"  # Crate, wooden; 板条木箱
    _8C = "8C"  # Bundle, wooden; 木捆
    AE = "AE"  # Aerosol; 气雾罐
    BA = "BA"  # Barrel; 琵琶桶
    BG = "BG"  # Bag; 袋
    BH = "BH"  # Bunch; 束
    BK = "BK"  # Basket; 筐、篮
    BL = "BL"  # Bale, compressed; 压紧包
    BN = "BN"  # Bale, non-compressed; 非压紧包
    BO = "BO"  # Bottle, non-protected, cylindrical; 瓶（无保护、圆柱形）
    BX = "BX"  # Box; 盒、箱
    CA = "CA"  # Can, rectangular; 罐（方形）
    CG = "CG"  # Cage; 笼
    CL = "CL"  # Coil; 卷（盘绕）
    CN = "CN"  # Container, not otherwise specified as transport equipment; 容器（非运输设备）
    CR = "CR"  # Crate; 板条箱
    CS = "CS"  # Case; 箱
    CT = "CT"  # Carton; 纸箱
    CX = "CX"  # Can, cylindrical; 罐（圆柱形）
    CY = "CY"  # Cylinder; 气瓶、圆筒
    DR = "DR"  # Drum; 桶
    EC = "EC"  # Bag, plastic; 塑料袋
    IN = "IN"  # Ingot; 锭
    JC = "JC"  # Jerrican, rectangular; 方形扁罐
    JR = "JR"  # Jar; 广口瓶
    JY = "JY"  # Jerrican, cylindrical; 圆柱形罐
    LG = "LG"  # Log; 原木
    NE = "NE"  # Unpacked or unpackaged; 裸装
    NF = "NF"  # Unpacked or unpackaged, single unit; 裸装（单件）
    NG = "NG"  # Unpacked or unpackaged, multiple units; 裸装（多件）
    PA = "PA"  # Packet; 小包
    PC = "PC"  # Parcel; 包裹
    PK = "PK"  # Package; 件
    PL = "PL"  # Pail; 提桶
    PO = "PO"  # Pouch; 小袋
    PX = "PX"  # Pallet; 托盘
    QP = "QP"  # Box, wooden, natural wood, ordinary; 普通天然木箱
    RL = "RL"  # Reel; 卷轴
    RO = "RO"  # Roll; 卷
    SA = "SA"  # Sack; 麻袋、编织袋
    SI = "SI"  # Skid; 垫木
    SK = "SK"  # Skeleton case; 框架箱
    TK = "TK"  # Tank, rectangular; 槽罐（方形）
    TN = "TN"  # Tin; 听
    TU = "TU"  # Tube; 软管、筒
    TY = "TY"  # Tank, cylindrical; 槽罐（圆柱形）
    VG = "VG"  # Bulk, gas (at 1031 mbar and 15 °C); 散装气体
    VL = "VL"  # Bulk, liquid; 散装液体
    VO = "VO"  # Bulk, solid, large particles ("nodules"); 散装固体（大颗粒）
    VQ = "VQ"  # Bulk, liquefied gas (at abnormal temperature/pressure); 散装液化气
    VR = "VR"  # Bulk, solid, granular particles ("grains"); 散装固体（颗粒）
    VY = "VY"  # Bulk, solid, fine particles ("powders"); 散装固体（粉末）
    WA = "WA"  # Intermediate bulk container; 中型散装容器
    ZZ = "ZZ"  # Mutually defined; 双方约定


class DocumentType(StrEnum):
    """Document type. Numbers are those of UN/EDIFACT code list 1001; words are this window's own, for documents that
    list has no code for.
    随附单证类别代码。数字代码取自 UN/EDIFACT 1001 代码表；字母代码为本窗口自定义。
    """

    _1 = "1"  # Certificate of analysis; 分析证书
    _2 = "2"  # Certificate of conformity; 合格证书
    _3 = "3"  # Certificate of quality; 品质证书
    _4 = "4"  # Test report; 检测报告
    _271 = "271"  # Packing list; 装箱单
    _315 = "315"  # Contract; 合同
    _325 = "325"  # Pro forma invoice; 形式发票
    _380 = "380"  # Commercial invoice; 商业发票
    _705 = "705"  # Bill of lading; 提单
    _710 = "710"  # Sea waybill; 海运单
    _720 = "720"  # Rail consignment note; 铁路运单
    _730 = "730"  # Road consignment note; 公路运单
    _740 = "740"  # Air waybill; 空运单
    _811 = "811"  # Export licence; 出口许可证
    _851 = "851"  # Phytosanitary certificate; 植物检疫证书
    _852 = "852"  # Sanitary certificate; 卫生证书
    _853 = "853"  # Veterinary certificate; 兽医（卫生）证书
    _856 = "856"  # Inspection certificate; 检验证书
    _861 = "861"  # Certificate of origin; 原产地证书
    _864 = "864"  # Preference certificate of origin; 优惠贸易协定原产地证书
    _865 = "865"  # Certificate of origin, form GSP; 普惠制原产地证书
    _890 = "890"  # Dangerous goods declaration; 危险货物申报单
    _911 = "911"  # Import licence; 进口许可证
    _934 = "934"  # Value declaration; 价格申报单
    CCC = "CCC"  # Compulsory product certification; 强制性产品认证证书
    ENERGY = "ENERGY"  # Energy efficiency label record; 能源效率标识备案
    EXEMPT = "EXEMPT"  # Duty exemption certificate; 征免税证明
    GACC = "GACC"  # Registration of a foreign food producer with customs; 进口食品境外生产企业注册
    IPPC = "IPPC"  # Fumigation or treatment certificate of wood packaging (ISPM 15); 木质包装熏蒸（处理）证书
    LABEL = "LABEL"  # Label review of pre-packaged food or cosmetics; 预包装食品、化妆品标签资料
    MANDATE = "MANDATE"  # Agent's mandate; 代理报关委托书
    MEDDEV = "MEDDEV"  # Medical device registration certificate; 医疗器械注册证
    MSDS = "MSDS"  # Material safety data sheet; 化学品安全技术说明书
    OTHER = "OTHER"  # Other document; 其他单证
    SRRC = "SRRC"  # Radio transmission equipment type approval; 无线电发射设备型号核准证


class DeclarationType(StrEnum):
    """Declaration type. WCO Data Model element D013: import or export. 进出口标志。WCO数据模型 D013：进口或出口。"""

    IM = "IM"  # Import; 进口
    EX = "EX"  # Export; 出口


class FunctionCode(StrEnum):
    """Message function. UN/EDIFACT code list 1225. An amendment replaces the document as a whole, so every document is
    an original.
    报文功能代码。UN/EDIFACT 1225 代码表；修改以整份替换，故均为原始报文。
    """

    _9 = "9"  # Original; 原始报文


class AgencyCode(StrEnum):
    """Agency. The reference agencies; messages take any agency's code (AgencyIdentifier), so that another agency needs
    no new schema.
    部门代码。参考部门；报文中可使用任意部门代码，新增部门无需修改模式。
    """

    CUSTOMS = "customs"  # Customs; 海关
    TAX = "tax"  # Tax; 税务
    MARKET_SUPERVISION = "market-supervision"  # Market supervision; 市场监管（工商）
    QUALITY_INSPECTION = "quality-inspection"  # Quality inspection; 质检


class ReplyOutcome(StrEnum):
    """Agency's outcome. What one agency decided. 部门办理结果。单个部门的决定。"""

    APPROVED = "approved"  # Approved; 同意
    APPROVED_WITH_CONDITIONS = "approved-with-conditions"  # Approved with conditions; 附条件同意
    REFUSED = "refused"  # Refused; 不予同意
    SUPPLEMENT_REQUIRED = "supplement-required"  # Supplement required; 需补正
    INSPECTION_REQUIRED = "inspection-required"  # Inspection required; 需查验


class CaseOutcome(StrEnum):
    """Case outcome. What all agencies' outcomes come to; the strongest decides.
    办理结果。各部门结果合并后的结论，以最严者为准。
    """

    CLEARED = "cleared"  # Cleared; 放行
    CLEARED_WITH_CONDITIONS = "cleared-with-conditions"  # Cleared with conditions; 附条件放行
    REFUSED = "refused"  # Refused; 不予放行
    SUPPLEMENT_REQUIRED = "supplement-required"  # Supplement required; 需补正
    INSPECTION_REQUIRED = "inspection-required"  # Inspection required; 需查验
    WITHDRAWN = "withdrawn"  # Withdrawn; 已撤回


class NoticeType(StrEnum):
    """Notice type. What an agency is told and need not answer. 告知事项代码。告知部门、无需答复的事项。"""

    WITHDRAWAL = "withdrawal"  # The declaration was withdrawn; 申报已撤回
    DOCUMENT = "document"  # A deferred document has come; 容缺单证已补交


class ReceiptStatus(StrEnum):
    """Receipt status. What the receipt proves. 受理状态。回执所证明的状态。"""

    ACCEPTED = "accepted"  # Accepted; 已受理


class DutyTaxFeeType(StrEnum):
    """Duty, tax or fee type. UN/EDIFACT code list 5153. 税费种类代码。UN/EDIFACT 5153 代码表。"""

    ADD = "ADD"  # Anti-dumping duty; 反倾销税
    CUD = "CUD"  # Customs duty; 关税
    CVD = "CVD"  # Countervailing duty; 反补贴税
    ENV = "ENV"  # Environmental protection tax; 环境保护税
    EXC = "EXC"  # Excise duty, consumption tax; 消费税
    OTH = "OTH"  # Other tax or fee; 其他税费
    VAT = "VAT"  # Value added tax; 增值税


class DutyRegime(StrEnum):
    """Tariff treatment claimed. Built like the preference codes of the EU single administrative document, box 36: the
    first digit names the arrangement, the next two its kind.
    税率适用类别代码。编码方式同欧盟单一行政单据第36栏：首位为安排类别，后两位为具体种类。
    """

    _100 = "100"  # Most-favoured-nation or general rate; 最惠国税率或普通税率
    _110 = "110"  # Provisional rate (autonomous suspension); 暂定税率
    _120 = "120"  # Tariff quota, non-preferential; 关税配额税率
    _200 = "200"  # Generalized system of preferences; 普惠制税率
    _220 = "220"  # Tariff quota under the generalized system of preferences; 普惠制关税配额税率
    _300 = "300"  # Free trade agreement rate; 协定税率
    _320 = "320"  # Tariff quota under a free trade agreement; 协定关税配额税率
    _400 = "400"  # Customs union; 关税同盟


class BillLineStatus(StrEnum):
    """Bill line status. A provisional amount is secured until it is settled. 税费状态。暂定金额须待最终核定。"""

    PROVISIONAL = "provisional"  # Provisional; 暂定
    FINAL = "final"  # Final; 最终


class ClassificationType(StrEnum):
    """Classification system. WCO Harmonized System. 商品归类体系。WCO《商品名称及编码协调制度》。"""

    HS = "HS"  # Harmonized System; 协调制度


class SupervisionMode(StrEnum):
    """Supervision mode. Trade modes of China Customs (GACC announcements, as of December 2024), by short name; what
    ProcedureCode may be at a Chinese office.
    监管方式代码。海关总署公告的监管方式（截至2024年12月），为简称；在中国海关申报时 ProcedureCode 的取值。
    """

    _0110 = "0110"  # General trade; 一般贸易
    _0130 = "0130"  # Barter trade; 易货贸易
    _0139 = "0139"  # Goods bought by tourists; 旅游购物商品
    _0200 = "0200"  # Abandoned processing materials; 料件放弃
    _0214 = "0214"  # Processing with supplied materials; 来料加工
    _0243 = "0243"  # Supplied-material products in place of imports; 来料以产顶进
    _0245 = "0245"  # Supplied materials sold in the country; 来料料件内销
    _0255 = "0255"  # Supplied materials, carried over for deep processing; 来料深加工
    _0258 = "0258"  # Supplied materials, remainder carried over; 来料余料结转
    _0265 = "0265"  # Supplied materials exported again; 来料料件复出
    _0300 = "0300"  # Supplied materials returned and replaced; 来料料件退换
    _0314 = "0314"  # Oil for processing; 加工专用油
    _0320 = "0320"  # Equipment supplied free for processing; 不作价设备
    _0345 = "0345"  # Supplied-material products, duty reduced or exempted; 来料成品减免
    _0400 = "0400"  # Abandoned finished products; 成品放弃
    _0420 = "0420"  # Equipment for processing trade; 加工贸易设备
    _0444 = "0444"  # Bonded area, products of imported materials; 保区进料成品
    _0445 = "0445"  # Bonded area, products of supplied materials; 保区来料成品
    _0446 = "0446"  # Processing equipment sold in the country; 加工设备内销
    _0456 = "0456"  # Processing equipment carried over; 加工设备结转
    _0466 = "0466"  # Processing equipment returned; 加工设备退运
    _0500 = "0500"  # Duty-reduced equipment carried over; 减免设备结转
    _0513 = "0513"  # Compensation trade; 补偿贸易
    _0544 = "0544"  # Bonded area, imported materials; 保区进料料件
    _0545 = "0545"  # Bonded area, supplied materials; 保区来料料件
    _0615 = "0615"  # Processing with imported materials, matched contract; 进料对口
    _0642 = "0642"  # Imported-material products in place of imports; 进料以产顶进
    _0644 = "0644"  # Imported materials sold in the country; 进料料件内销
    _0654 = "0654"  # Imported materials, carried over for deep processing; 进料深加工
    _0657 = "0657"  # Imported materials, remainder carried over; 进料余料结转
    _0664 = "0664"  # Imported materials exported again; 进料料件复出
    _0700 = "0700"  # Imported materials returned and replaced; 进料料件退换
    _0715 = "0715"  # Processing with imported materials, unmatched contract; 进料非对口
    _0744 = "0744"  # Imported-material products, duty reduced or exempted; 进料成品减免
    _0815 = "0815"  # Auxiliary materials of low value; 低值辅料
    _0844 = "0844"  # Imported materials, offcuts sold in the country; 进料边角料内销
    _0845 = "0845"  # Supplied materials, offcuts sold in the country; 来料边角料内销
    _0864 = "0864"  # Imported materials, offcuts exported again; 进料边角料复出
    _0865 = "0865"  # Supplied materials, offcuts exported again; 来料边角料复出
    _1039 = "1039"  # Market procurement; 市场采购
    _1110 = "1110"  # Direct trade with Taiwan; 对台贸易
    _1139 = "1139"  # Stores for Chinese vessels; 国轮油物料
    _1200 = "1200"  # Goods between bonded places; 保税间货物
    _1210 = "1210"  # Bonded cross-border e-commerce; 保税电商
    _1215 = "1215"  # Bonded factory; 保税工厂
    _1233 = "1233"  # Goods in bonded warehouses; 保税仓库货物
    _1234 = "1234"  # Bonded area, storage and transit; 保税区仓储转口
    _1239 = "1239"  # Bonded cross-border e-commerce A; 保税电商A
    _1300 = "1300"  # Articles for repair; 修理物品
    _1371 = "1371"  # Bonded maintenance; 保税维修
    _1427 = "1427"  # Outward processing; 出料加工
    _1500 = "1500"  # Leasing for less than a year; 租赁不满一年
    _1523 = "1523"  # Leasing trade; 租赁贸易
    _1616 = "1616"  # Consignment; 寄售代销
    _1741 = "1741"  # Duty-free goods; 免税品
    _1831 = "1831"  # Goods for foreign exchange; 外汇商品
    _2025 = "2025"  # Equipment of joint ventures; 合资合作设备
    _2210 = "2210"  # Outward investment; 对外投资
    _2225 = "2225"  # Equipment of foreign-funded enterprises; 外资设备物品
    _2400 = "2400"  # Official goods of foreign airlines; 外航公务货
    _2439 = "2439"  # Office goods of foreign representations; 常驻机构公用
    _2600 = "2600"  # Temporary admission and export; 暂时进出货物
    _2700 = "2700"  # Exhibits; 展览品
    _2939 = "2939"  # Display samples; 陈列样品
    _3010 = "3010"  # Samples and advertising goods (A); 货样广告品
    _3039 = "3039"  # Samples and advertising goods B; 货样广告品B
    _3100 = "3100"  # Replacement free of charge; 无代价抵偿
    _3239 = "3239"  # Goods for retail; 零售商品
    _3339 = "3339"  # Other goods free of charge; 其他进出口免费
    _3410 = "3410"  # Imports for contracted projects; 承包工程进口
    _3422 = "3422"  # Exports for contracted projects abroad; 对外承包出口
    _3511 = "3511"  # Aid materials; 援助物资
    _3611 = "3611"  # Military aid free of charge; 无偿军援
    _3612 = "3612"  # Donated goods; 捐赠物资
    _3910 = "3910"  # Military equipment; 军事装备
    _4019 = "4019"  # Border trade in small amounts; 边境小额
    _4039 = "4039"  # Small-scale trade with Taiwan; 对台小额
    _4139 = "4139"  # Markets for small-scale trade with Taiwan; 对台小额商品交易市场
    _4200 = "4200"  # Returned from missions abroad; 驻外机构运回
    _4239 = "4239"  # Bought by missions abroad; 驻外机构购进
    _4400 = "4400"  # Supplied-material products returned and replaced; 来料成品退换
    _4500 = "4500"  # Direct return; 直接退运
    _4539 = "4539"  # Overlanded or wrongly landed imports; 进口溢误卸
    _4561 = "4561"  # Returned goods; 退运货物
    _4600 = "4600"  # Imported-material products returned and replaced; 进料成品退换
    _5000 = "5000"  # Materials into and out of zones; 料件进出区
    _5010 = "5010"  # Zone, goods for research; 特殊区域研发货物
    _5014 = "5014"  # Zone, processing with supplied materials; 区内来料加工
    _5015 = "5015"  # Zone, processing with imported materials; 区内进料加工货物
    _5033 = "5033"  # Zone, goods in storage; 区内仓储货物
    _5034 = "5034"  # Zone, goods in logistics; 区内物流货物
    _5100 = "5100"  # Products into and out of zones; 成品进出区
    _5200 = "5200"  # Zone, offcuts moved out; 区内边角调出
    _5300 = "5300"  # Equipment into and out of zones; 设备进出区
    _5335 = "5335"  # Zone, equipment from abroad; 境外设备进区
    _5361 = "5361"  # Zone, equipment returned; 区内设备退运
    _6033 = "6033"  # Logistics centre, goods from and to abroad; 物流中心进出境货物
    _9600 = "9600"  # Domestic goods in transit abroad; 内贸货物跨境运输
    _9610 = "9610"  # Cross-border e-commerce; 电子商务
    _9639 = "9639"  # Goods dealt with by customs; 海关处理货物
    _9700 = "9700"  # Tax paid later; 后续补税
    _9710 = "9710"  # Cross-border e-commerce, B2B direct export; 跨境电商B2B直接出口
    _9739 = "9739"  # Other trade; 其他贸易
    _9800 = "9800"  # Leasing, rent taxed; 租赁征税
    _9810 = "9810"  # Cross-border e-commerce, export to a warehouse abroad; 跨境电商出口海外仓
    _9839 = "9839"  # Goods left behind, given or resold; 留赠转卖物品
    _9900 = "9900"  # Other; 其他


class CustomsDistrict(StrEnum):
    """Customs district. The 42 districts directly under China Customs (GACC, as of December 2024), by the first two
    digits of an office's code; the offices themselves are not listed.
    直属海关。海关总署42个直属海关（截至2024年12月），为关区代码前两位；所列不含各隶属海关。
    """

    _01 = "01"  # Beijing; 北京海关
    _02 = "02"  # Tianjin; 天津海关
    _04 = "04"  # Shijiazhuang; 石家庄海关
    _05 = "05"  # Taiyuan; 太原海关
    _06 = "06"  # Manzhouli; 满洲里海关
    _07 = "07"  # Hohhot; 呼和浩特海关
    _08 = "08"  # Shenyang; 沈阳海关
    _09 = "09"  # Dalian; 大连海关
    _15 = "15"  # Changchun; 长春海关
    _19 = "19"  # Harbin; 哈尔滨海关
    _22 = "22"  # Shanghai; 上海海关
    _23 = "23"  # Nanjing; 南京海关
    _29 = "29"  # Hangzhou; 杭州海关
    _31 = "31"  # Ningbo; 宁波海关
    _33 = "33"  # Hefei; 合肥海关
    _35 = "35"  # Fuzhou; 福州海关
    _37 = "37"  # Xiamen; 厦门海关
    _40 = "40"  # Nanchang; 南昌海关
    _42 = "42"  # Qingdao; 青岛海关
    _43 = "43"  # Jinan; 济南海关
    _46 = "46"  # Zhengzhou; 郑州海关
    _47 = "47"  # Wuhan; 武汉海关
    _49 = "49"  # Changsha; 长沙海关
    _51 = "51"  # Guangzhou; 广州海关
    _52 = "52"  # Huangpu; 黄埔海关
    _53 = "53"  # Shenzhen; 深圳海关
    _57 = "57"  # Gongbei; 拱北海关
    _60 = "60"  # Shantou; 汕头海关
    _64 = "64"  # Haikou; 海口海关
    _67 = "67"  # Zhanjiang; 湛江海关
    _68 = "68"  # Jiangmen; 江门海关
    _72 = "72"  # Nanning; 南宁海关
    _79 = "79"  # Chengdu; 成都海关
    _80 = "80"  # Chongqing; 重庆海关
    _83 = "83"  # Guiyang; 贵阳海关
    _86 = "86"  # Kunming; 昆明海关
    _88 = "88"  # Lhasa; 拉萨海关
    _90 = "90"  # Xi'an; 西安海关
    _94 = "94"  # Urumqi; 乌鲁木齐海关
    _95 = "95"  # Lanzhou; 兰州海关
    _96 = "96"  # Yinchuan; 银川海关
    _97 = "97"  # Xining; 西宁海关


class UnionProcedure(StrEnum):
    """Union procedure. Procedures of the Union Customs Code (Regulations (EU) 2015/2446 and 2015/2447, annexes B, as of
    2024): two digits requested and two previous make a ProcedureCode at an office of the European Union.
    欧盟海关程序。《欧盟海关法典》程序代码（(EU) 2015/2446 和 2015/2447 号条例附件B，截至2024年）：申请程序两位与前一程
    序两位组成欧盟海关的 ProcedureCode。
    """

    _00 = "00"  # No previous procedure; 无前一程序
    _01 = "01"  # Free circulation, sent on within the customs territory; 放行自由流通并转运
    _07 = "07"  # Free circulation with a warehouse other than customs; 放行自由流通并进入非海关仓库
    _10 = "10"  # Permanent export; 永久出口
    _11 = "11"  # Export of products before inward processing; 进境加工前的成品出口
    _21 = "21"  # Temporary export for outward processing; 出境加工临时出口
    _22 = "22"  # Temporary export other than for outward processing; 其他临时出口
    _23 = "23"  # Temporary export to be returned unaltered; 原状复进口的临时出口
    _31 = "31"  # Re-export; 复出口
    _40 = "40"  # Release for free circulation and home use; 放行自由流通和境内使用
    _42 = "42"  # Release with exempt supply to another member state; 放行并免税供应另一成员国
    _43 = "43"  # Release under accession measures; 加入过渡措施下的放行
    _44 = "44"  # End-use; 最终用途
    _45 = "45"  # Release with a tax warehouse; 放行并进入税务仓库
    _46 = "46"  # Import of products before outward processing; 出境加工前的成品进口
    _48 = "48"  # Replacement before outward processing; 出境加工前的替代进口
    _51 = "51"  # Inward processing; 进境加工
    _53 = "53"  # Temporary admission; 暂时进口
    _54 = "54"  # Inward processing in another member state; 另一成员国的进境加工
    _61 = "61"  # Re-import with release; 复进口并放行
    _63 = "63"  # Re-import with exempt supply to another member state; 复进口并免税供应另一成员国
    _68 = "68"  # Re-import with a warehouse other than customs; 复进口并进入非海关仓库
    _71 = "71"  # Customs warehousing; 海关仓储
    _76 = "76"  # Warehousing before export with prefinanced refunds; 预付退款的出口前仓储
    _77 = "77"  # Manufacture under customs control before export; 出口前的海关监管生产
    _78 = "78"  # Free zone; 自由区
    _95 = "95"  # Warehouse other than customs; 非海关仓库
    _96 = "96"  # Duty-free shop; 免税店


class CommunicationType(StrEnum):
    """Means of communication. UN/EDIFACT code list 3155. 通讯方式代码。UN/EDIFACT 3155 代码表。"""

    TE = "TE"  # Telephone; 电话
    EM = "EM"  # E-mail; 电子邮件


class LanguageCode(StrEnum):
    """Language. ISO 639-1. 语种代码。ISO 639-1。"""

    EN = "en"  # English; 英文
    ZH = "zh"  # Chinese; 中文


class WoodTreatment(StrEnum):
    """Treatment of wood packaging. ISPM 15 (2018), annex 1. 木质包装处理方式。ISPM 15（2018）附件1。"""

    HT = "HT"  # Heat treatment; 热处理
    MB = "MB"  # Methyl bromide fumigation; 溴甲烷熏蒸
    DH = "DH"  # Dielectric heating; 介电加热
    SF = "SF"  # Sulphuryl fluoride fumigation; 硫酰氟熏蒸


class DangerClass(StrEnum):
    """Class or division of dangerous goods. UN Recommendations on the Transport of Dangerous Goods, Model Regulations,
    part 2.
    危险货物类别或项别。联合国《关于危险货物运输的建议书·规章范本》第2部分。
    """

    _1_1 = "1.1"  # Explosives with a mass explosion hazard; 有整体爆炸危险的爆炸品
    _1_2 = "1.2"  # Explosives with a projection hazard; 有迸射危险的爆炸品
    _1_3 = "1.3"  # Explosives with a fire hazard; 有燃烧危险的爆炸品
    _1_4 = "1.4"  # Explosives with no significant hazard; 无重大危险的爆炸品
    _1_5 = "1.5"  # Very insensitive explosives; 非常不敏感的爆炸品
    _1_6 = "1.6"  # Extremely insensitive articles; 极端不敏感的爆炸物品
    _2_1 = "2.1"  # Flammable gases; 易燃气体
    _2_2 = "2.2"  # Non-flammable, non-toxic gases; 非易燃无毒气体
    _2_3 = "2.3"  # Toxic gases; 毒性气体
    _3 = "3"  # Flammable liquids; 易燃液体
    _4_1 = "4.1"  # Flammable solids; 易燃固体
    _4_2 = "4.2"  # Substances liable to spontaneous combustion; 易于自燃的物质
    _4_3 = "4.3"  # Substances that emit flammable gases in contact with water; 遇水放出易燃气体的物质
    _5_1 = "5.1"  # Oxidizing substances; 氧化性物质
    _5_2 = "5.2"  # Organic peroxides; 有机过氧化物
    _6_1 = "6.1"  # Toxic substances; 毒性物质
    _6_2 = "6.2"  # Infectious substances; 感染性物质
    _7 = "7"  # Radioactive material; 放射性物质
    _8 = "8"  # Corrosive substances; 腐蚀性物质
    _9 = "9"  # Miscellaneous dangerous substances and articles; 杂项危险物质和物品
