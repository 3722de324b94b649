namespace PSImageGen.Core.Providers.Demo.Painting;

internal enum DemoMotif
{
    Mountains,
    Sea,
    Desert,
    Forest,
    City,
    Space,
    Flowers,
    Branch,
    Portrait,
    Waves,
    Ribbons,
    Quilt,
}

/// <summary>What the prompt's words ask for, and the random numbers that prompt and seed give for the rest.</summary>
internal sealed class DemoBrief
{
    private readonly List<string> _words;

    public DemoBrief(string prompt, long seed)
    {
        _words = Words(prompt);
        var hash = DemoMath.Hash(prompt);
        // The prompt alone settles the motif, so that other seeds vary the composition of the same picture.
        Motif = ChooseMotif(new DemoRandom(hash));
        Random = new DemoRandom(hash ^ new DemoRandom((ulong)seed).Next());
        Palette = ChoosePalette();
        Noise = new ValueNoise(Random);
    }

    public DemoMotif Motif { get; }

    public DemoPalette Palette { get; }

    public DemoRandom Random { get; }

    public ValueNoise Noise { get; }

    public bool Snow => Has("snow", "snowy", "winter", "ice", "icy", "frozen", "arctic", "polar", "christmas", "blizzard");

    public bool Rain => Has("rain", "rainy", "drizzle", "downpour", "wet");

    /// <summary>Whether a word, its plural or (for words from five letters) something longer that begins with it is in the prompt.</summary>
    public bool Has(params string[] keywords)
    {
        foreach (var keyword in keywords)
        {
            foreach (var word in _words)
            {
                if (word == keyword || (word.Length == keyword.Length + 1 && word[^1] == 's' && word.StartsWith(keyword, StringComparison.Ordinal))
                    || (keyword.Length >= 5 && word.StartsWith(keyword, StringComparison.Ordinal)))
                    return true;
            }
        }

        return false;
    }

    private DemoMotif ChooseMotif(DemoRandom random)
    {
        if (Has("quilt", "tile", "mosaic", "geometric", "pattern", "bauhaus", "tessellation", "patchwork", "cubist"))
            return DemoMotif.Quilt;
        if (Has("ribbon", "flow", "flowing", "swirl", "silk", "calligraphy"))
            return DemoMotif.Ribbons;
        if (Has("abstract", "papercut", "layered"))
            return Has("wave", "sea", "ocean", "hill", "dune") ? DemoMotif.Waves : random.Pick(DemoMotif.Waves, DemoMotif.Ribbons, DemoMotif.Quilt);
        if (Has("portrait", "face", "woman", "man", "girl", "boy", "person", "selfie", "headshot", "king", "queen", "sailor", "wizard",
            "grandmother"))
            return DemoMotif.Portrait;
        if (Has("planet", "galaxy", "galaxies", "space", "nebula", "cosmos", "cosmic", "astronaut", "universe", "saturn", "mars", "spaceship",
            "rocket"))
            return DemoMotif.Space;
        if (Has("flower", "tulip", "rose", "bouquet", "vase", "poppy", "poppies", "meadow", "garden", "daisy", "daisies", "sunflower", "orchid",
            "fruit", "bowl"))
            return DemoMotif.Flowers;
        if (Has("city", "cities", "skyline", "street", "town", "neon", "cyberpunk", "skyscraper", "urban", "tokyo", "york", "london", "downtown"))
            return DemoMotif.City;
        if (Has("sea", "ocean", "lighthouse", "island", "beach", "coast", "ship", "boat", "sail", "sailboat", "wave", "surf", "tropical", "palm",
            "whale", "fish"))
            return DemoMotif.Sea;
        if (Has("desert", "dune", "camel", "caravan", "sahara", "pyramid", "cactus", "canyon", "oasis", "egypt"))
            return DemoMotif.Desert;
        if (Has("branch", "branches", "bird", "owl", "panda", "blossom", "cherry", "cat", "kitten", "fox", "squirrel", "parrot", "raven", "robin",
            "monkey"))
            return DemoMotif.Branch;
        if (Has("forest", "wood", "tree", "path", "jungle", "deer", "bear", "wolf", "mushroom", "glade", "park", "trail"))
            return DemoMotif.Forest;
        if (Has("mountain", "alps", "alpine", "peak", "lake", "valley", "hill", "aurora", "glacier", "snow", "snowy", "fjord", "cabin", "landscape",
            "volcano"))
            return DemoMotif.Mountains;
        // A face would be an odd answer to words that name none.
        return random.Pick(
            DemoMotif.Mountains, DemoMotif.Sea, DemoMotif.Desert, DemoMotif.Forest, DemoMotif.City, DemoMotif.Space, DemoMotif.Flowers,
            DemoMotif.Branch, DemoMotif.Waves, DemoMotif.Ribbons, DemoMotif.Quilt);
    }

    private DemoPalette ChoosePalette()
    {
        var night = Has("night", "midnight", "moon", "moonlit", "moonlight", "star", "starry", "dark");
        if (Has("aurora", "northern", "borealis"))
            return DemoPalette.Aurora;
        if (Has("neon", "cyberpunk", "synthwave", "vaporwave"))
            return DemoPalette.Neon;
        if (Has("storm", "stormy", "thunder", "lightning", "hurricane", "tempest"))
            return night ? DemoPalette.Tempest : DemoPalette.Storm;
        if (Has("sunset", "dusk", "evening", "twilight", "golden"))
            return DemoPalette.Sunset;
        if (Has("dawn", "sunrise", "morning"))
            return DemoPalette.Dawn;
        if (night)
            return DemoPalette.Night;
        if (Has("autumn", "fall", "october", "november"))
            return DemoPalette.Autumn;
        if (Snow)
            return DemoPalette.Arctic;
        if (Has("tropical", "island", "palm", "beach", "caribbean", "summer"))
            return DemoPalette.Tropical;
        if (Has("noon", "sunny", "day", "midday", "bright", "spring"))
            return DemoPalette.Noon;
        if (Rain || Has("grey", "gray", "gloomy", "fog"))
            return Motif == DemoMotif.City ? DemoPalette.Neon : DemoPalette.Storm;
        return Motif switch
        {
            DemoMotif.Mountains => Random.Pick(DemoPalette.Dawn, DemoPalette.Sunset, DemoPalette.Noon, DemoPalette.Aurora, DemoPalette.Night),
            DemoMotif.Sea => Random.Pick(DemoPalette.Sunset, DemoPalette.Dawn, DemoPalette.Tropical, DemoPalette.Night),
            DemoMotif.Desert => Random.Pick(DemoPalette.Desert, DemoPalette.Sunset, DemoPalette.Dawn),
            DemoMotif.Forest => Random.Pick(DemoPalette.Autumn, DemoPalette.Dawn, DemoPalette.Noon, DemoPalette.Night),
            DemoMotif.City => Random.Pick(DemoPalette.Neon, DemoPalette.Sunset, DemoPalette.Night),
            DemoMotif.Flowers => Random.Pick(DemoPalette.Dawn, DemoPalette.Noon, DemoPalette.Autumn),
            _ => Random.Pick(DemoPalette.Dawn, DemoPalette.Sunset, DemoPalette.Night, DemoPalette.Autumn, DemoPalette.Noon),
        };
    }

    private static List<string> Words(string prompt)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= prompt.Length; i++)
        {
            var letter = i < prompt.Length && char.IsAsciiLetter(prompt[i]);
            if (letter && start < 0)
                start = i;
            if (letter || start < 0)
                continue;
            words.Add(prompt[start..i].ToLowerInvariant());
            start = -1;
        }

        return words;
    }
}
