using System.Numerics;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>The colours of one hour and weather, or of one abstract picture.</summary>
internal sealed record DemoPalette
{
    private DemoPalette(int zenith, int mid, int low, int horizon, int sun, int glow, int cloudLight, int cloudShade, int far, int near, int ground)
    {
        Zenith = DemoMath.Colour(zenith);
        Mid = DemoMath.Colour(mid);
        Low = DemoMath.Colour(low);
        Horizon = DemoMath.Colour(horizon);
        Sun = DemoMath.Colour(sun);
        Glow = DemoMath.Colour(glow);
        CloudLight = DemoMath.Colour(cloudLight);
        CloudShade = DemoMath.Colour(cloudShade);
        Far = DemoMath.Colour(far);
        Near = DemoMath.Colour(near);
        Ground = DemoMath.Colour(ground);
    }

    public static readonly DemoPalette Dawn = new(
        0x3D5488, 0x9A8DB8, 0xEDB0A6, 0xFFDDB0, 0xFFF6DE, 0xFFC58F, 0xFFD9C7, 0x9C86AE, 0xC9A3B8, 0x2D3357, 0x6F8A5C);

    public static readonly DemoPalette Noon = new(
        0x2A78C2, 0x5BA7DE, 0xA5D5EF, 0xE9F4EE, 0xFFFFFF, 0xFFF6D8, 0xFFFFFF, 0xA9C3D9, 0xA3C4D8, 0x1E4A44, 0x6E9A4C)
    { High = true };

    public static readonly DemoPalette Sunset = new(
        0x2A2059, 0x7B3374, 0xE4605C, 0xFFBD66, 0xFFF3C9, 0xFF9148, 0xFF9E74, 0x6B2F6A, 0xC0627A, 0x21163A, 0x8A5A46);

    public static readonly DemoPalette Night = new(
        0x060A20, 0x0E1A42, 0x21386B, 0x496795, 0xF6F1DC, 0x8FA8D8, 0x5A74A6, 0x16224A, 0x36527F, 0x060A18, 0x24364A)
    { Stars = 1 };

    public static readonly DemoPalette Aurora = new(
        0x040818, 0x071A34, 0x0D3550, 0x1F6670, 0xEAF6EE, 0x5FE0B0, 0x2E6A78, 0x0A2038, 0x265868, 0x04101C, 0x1C3E4C)
    { Stars = 1, NorthernLights = true };

    public static readonly DemoPalette Autumn = new(
        0x6487AB, 0xA5B7BF, 0xEFDDB6, 0xFDEBC4, 0xFFF8E2, 0xFFD894, 0xFFF4E0, 0xB8AFA8, 0xC2A287, 0x43231A, 0xA9702F);

    public static readonly DemoPalette Arctic = new(
        0x4F86BC, 0x8DB7DB, 0xCDE3EE, 0xFBF1E6, 0xFFFFFF, 0xFFE9CC, 0xFFFFFF, 0xA8BFD6, 0xB4CDE0, 0x28486A, 0xDCE8F2)
    { High = true };

    public static readonly DemoPalette Desert = new(
        0x35719F, 0x86B2BE, 0xF2CF9C, 0xFFE6B5, 0xFFFBE6, 0xFFD089, 0xFFF0D8, 0xD6A98C, 0xDDA777, 0x6E3420, 0xDE9A55);

    public static readonly DemoPalette Tropical = new(
        0x0D7CC2, 0x3CB0E0, 0x98E0EA, 0xFFF1D2, 0xFFFFFF, 0xFFF0C0, 0xFFFFFF, 0xA6CBE0, 0x7EC0CC, 0x0C4438, 0x2E8C5A)
    { High = true };

    public static readonly DemoPalette Neon = new(
        0x0A0522, 0x270B50, 0x6C1A78, 0xE84A9A, 0xFFD8F0, 0xFF5CA8, 0xB04AA8, 0x2A0E52, 0x6A2C86, 0x0A0618, 0x2A1848)
    { Stars = 0.3f };

    public static readonly DemoPalette Storm = new(
        0x141B25, 0x263341, 0x465868, 0x8A9AA0, 0xF2F1E4, 0xA8B8BC, 0x8494A0, 0x1C2632, 0x566876, 0x0C1219, 0x2E4440)
    { Heavy = true };

    public static readonly DemoPalette Tempest = new(
        0x080C16, 0x111C2E, 0x22344A, 0x3F5568, 0xF6EFCF, 0x6C8498, 0x4A5F78, 0x0B1220, 0x2C4156, 0x05080E, 0x16262C)
    { Heavy = true };

    /// <summary>The sky overhead, then further and further down to the horizon.</summary>
    public Vector3 Zenith { get; }

    public Vector3 Mid { get; }

    public Vector3 Low { get; }

    public Vector3 Horizon { get; }

    /// <summary>The sun's or moon's disc, and the light around it.</summary>
    public Vector3 Sun { get; }

    public Vector3 Glow { get; }

    public Vector3 CloudLight { get; }

    public Vector3 CloudShade { get; }

    /// <summary>What lies far off in the haze, and what stands close before the light.</summary>
    public Vector3 Far { get; }

    public Vector3 Near { get; }

    /// <summary>Lit ground: grass, sand, snow.</summary>
    public Vector3 Ground { get; }

    /// <summary>How full of stars the sky is, 0 to 1.</summary>
    public float Stars { get; private init; }

    public bool NorthernLights { get; private init; }

    /// <summary>The sun stands high and small.</summary>
    public bool High { get; private init; }

    /// <summary>Dark clouds cover the sky.</summary>
    public bool Heavy { get; private init; }

    public bool IsNight => Stars > 0.5f;

    /// <summary>Six colours that go together, darkest first, for pictures without a sky.</summary>
    public static Vector3[] Abstract(DemoBrief brief)
    {
        int[][] sets =
        [
            [0x0B1D3A, 0x123F73, 0x1F6FA8, 0x4FA8CF, 0xA9DCE8, 0xF3F1E4],
            [0x2B1020, 0x7A1F35, 0xC8443A, 0xEE8548, 0xF7C46C, 0xFDF0D5],
            [0x10241B, 0x1F4D3A, 0x3E7F5C, 0x7FB07E, 0xC9D9A0, 0xF6F1DC],
            [0x1B1036, 0x44246B, 0x7C3F98, 0xC06BB0, 0xF0A8B8, 0xFCE9DC],
            [0x1D2B36, 0x2F5D62, 0xC8553D, 0xE9A23B, 0xF2D9A2, 0xFAF3E3],
            [0x22223B, 0x4A4E69, 0x5FA8A0, 0xF28482, 0xF6BD60, 0xF7EDE2],
        ];
        var choice = brief.Has("blue", "water", "wave", "ocean", "sea", "ice", "cold") ? 0
            : brief.Has("red", "orange", "fire", "warm", "lava", "gold", "golden", "yellow") ? 1
            : brief.Has("green", "nature", "jade", "leaf", "moss") ? 2
            : brief.Has("purple", "violet", "pink", "magenta", "dream", "lavender") ? 3
            : brief.Random.Int(sets.Length);
        return Array.ConvertAll(sets[choice], DemoMath.Colour);
    }
}
