using System.Text.RegularExpressions;

namespace PSImageGen.Core.Prompts;

/// <summary>Words, English and Chinese, that tell of which part of a prompt a text speaks.</summary>
internal static partial class PromptWords
{
    private static readonly Dictionary<PromptPart, Regex> Telling = new()
    {
        [PromptPart.Style] = Any(
            "photo|photos|photograph\\w*|photoreal\\w*|realistic|hyperreal\\w*|watercolou?rs?|oil|acrylic|gouache|sketch\\w*|drawing|drawn|illustrat\\w*|anime|manga|cartoon\\w*|comic|3d|render\\w*|pixel|voxel|vector|flat|" +
            "isometric|line ?art|ink|charcoal|pastel|pencil|crayon|cinematic|film still|painting|painted|painterly|engraving|woodcut|linocut|etching|collage|low ?poly|minimalis\\w*|impressionis\\w*|expressionis\\w*|surreal\\w*|" +
            "art deco|art nouveau|bauhaus|ukiyo-e|poster|logo|icon|sticker|style|styled|stylized|clay|origami|embroidery|stained glass|fresco|mosaic|sculpture|polaroid|35mm|kodachrome|monochrome|black[ -]and[ -]white|vintage|retro",
            "风格|画风|水彩|油画|摄影|照片|插画|插图|动漫|动画|漫画|素描|国画|水墨|工笔|版画|写实|像素|极简|海报|标志|图标|剪纸|雕塑|黑白|复古|线稿|渲染"),
        [PromptPart.Composition] = Any(
            "close-?up|close up|wide[ -]shot|wide[ -]angle|long shot|medium shot|aerial|bird'?s[ -]eye|worm'?s[ -]eye|top[ -]down|overhead|eye[ -]level|low[ -]angle|high[ -]angle|from (?:below|above|behind|afar|the side|the front)|" +
            "full[ -]body|full[ -]length|half[ -]length|head and shoulders|headshot|cent(?:er|re)d|symmetr\\w*|asymmetr\\w*|rule of thirds|golden ratio|foreground|background|depth of field|bokeh|macro|panoram\\w*|side view|front view|profile|" +
            "fram(?:ed|ing)|silhouette|negative space|composition|in the distance|in the middle|on the (?:left|right)|diagonal|telephoto|fisheye|portrait of|layout|view of|seen from",
            "特写|近景|中景|远景|全景|俯视|俯瞰|仰视|鸟瞰|居中|对称|构图|前景|背景|景深|虚化|全身|半身|侧面|正面|背影|微距|广角|长焦|留白|三分法"),
        [PromptPart.Lighting] = Any(
            "lights?|lit|lighting|\\w*light|backlit|golden hour|blue hour|dawn|dusk|sunrise|sunset|twilight|neon|candles?|lanterns?|shadows?|glow\\w*|overcast|chiaroscuro|low[ -]key|high[ -]key|at (?:night|noon|midnight)|night|midday|" +
            "sunny|bright\\w*|dark|dim|sun rays|god rays|silhouetted|luminous|iridescent",
            "光|照明|逆光|黄昏|黎明|清晨|傍晚|日出|日落|夕阳|朝阳|霓虹|阴影|夜|明亮|昏暗|烛"),
        [PromptPart.Atmosphere] = Any(
            "mood\\w*|atmospher\\w*|calm|quiet|peaceful|seren\\w*|tranquil|co[sz]y|dramatic|myster\\w*|eerie|spooky|gloomy|joyful|cheerful|happy|sad|melanchol\\w*|nostalgi\\w*|dream\\w*|romantic|tense|epic|lonely|playful|festive|mist\\w*|" +
            "fog\\w*|storm\\w*|warm|cold|whimsical|majestic|hopeful|ominous|intimate|elegant|chaotic|magical|ethereal|desolate|lively|solemn|gritty|tender|triumphant|awe",
            "氛围|气氛|宁静|平静|安静|神秘|温馨|温暖|忧郁|悲伤|欢快|快乐|梦幻|浪漫|孤独|寂寞|壮观|宏伟|紧张|史诗|雾|怀旧|清冷|优雅|热闹|诡异|童话"),
    };

    /// <summary>Whether a text speaks of a part. Of a subject every text does.</summary>
    public static bool Tells(string text, PromptPart part) => part == PromptPart.Subject || Telling[part].IsMatch(text);

    /// <summary>Whether a text is written in Chinese.</summary>
    public static bool IsChinese(string text) => Ideograph().IsMatch(text);

    /// <summary>Whether a text says next to nothing: one word, an article aside, or three characters of Chinese.</summary>
    public static bool IsVague(string text)
    {
        int ideographs = Ideograph().Count(text);
        int words = Word().Matches(text).Count(w => !Article().IsMatch(w.Value) && !IsChinese(w.Value));
        return ideographs > 0 ? ideographs <= 3 && words == 0 : words <= 1;
    }

    /// <summary>The words that are to stand in the picture, as far as quotation marks tell.</summary>
    public static IEnumerable<string> Quoted(string text) => Quotation().Matches(text).Select(m => m.Groups.Values.Skip(1).First(g => g.Success).Value);

    /// <summary>Whether words are to stand in the picture.</summary>
    public static bool AsksForWords(string text) => Lettering().IsMatch(text);

    /// <summary>What is said not to be there, such as "no people"; null where nothing is.</summary>
    public static string? Denied(string text) => Denial().Match(text) is { Success: true } found ? found.Value : null;

    private static Regex Any(string english, string chinese) => new($@"(?<![\w-])(?:{english})(?![\w])|{chinese}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"[\u3400-\u4DBF\u4E00-\u9FFF]")]
    private static partial Regex Ideograph();

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*")]
    private static partial Regex Word();

    [GeneratedRegex("^(a|an|the|some|my)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Article();

    [GeneratedRegex("\"([^\"]+)\"|“([^”]+)”|「([^」]+)」|『([^』]+)』|(?<!\\w)'([^']+)'(?!\\w)|(?<!\\w)‘([^’]+)’(?!\\w)")]
    private static partial Regex Quotation();

    [GeneratedRegex(@"\b(?:that (?:says|reads)|saying|reading ""|with the (?:words?|text|title|caption|slogan|name)|the (?:words?|text|letters|caption|slogan)|labell?ed|titled|inscribed|lettering|typography)\b|写着|文字|字样|标题|题字", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lettering();

    [GeneratedRegex(@"\b(?:no|without|never|not|don'?t|avoid)\s+(?:any\s+|a\s+|an\s+|the\s+)?[\p{L}-]+|(?:不要|没有|避免|不含)[\u4E00-\u9FFF]{1,6}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Denial();
}
