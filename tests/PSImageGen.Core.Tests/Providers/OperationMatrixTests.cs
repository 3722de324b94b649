using System.Collections.Concurrent;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Log;
using Xunit.Abstractions;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>The design's table of what each provider can do, found out anew: every cell is tried, and what came of it is its letter.</summary>
public class OperationMatrixTests(ITestOutputHelper output)
{
    private const char Native = 'n', Emulated = 'e', Extension = 'x', Unsupported = '–';

    private static readonly string[] Columns = ["generate", "img2img", "inpaint", "outpaint", "upscale", "vary", "style", "character"];

    private static readonly ImageOperation[] Operations =
        [ImageOperation.Generate, ImageOperation.Img2Img, ImageOperation.Inpaint, ImageOperation.Outpaint, ImageOperation.Upscale, ImageOperation.Vary, ImageOperation.Style];

    // DESIGN.md, section 5. The letters are those of the model that is chosen when none is named. Character: a reference image.
    private static readonly Row[] Matrix =
    [
        new("Demo", "n n n n n n n e"),
        new("OpenAI", "n n n e – e e n"),
        // A reference inspires its style endpoint, but nothing there holds a character.
        new("Stability", "n n n n n e n –"),
        // Variations: Redux; emulated at the models of FLUX.2.
        new("BFL", "n n n n – n e n"),
        new("Fal", "n n n n n n n n"),
        new("Replicate", "n n n n n n n n"),
        new("OpenRouter", "n n – – – e e n"),
        new("StableDiffusion", "n n n n n n x x", "A1111", s => s.Variables[OwnServers.Variable] = s.Vendors.A1111.BaseUrl),
        new("StableDiffusion", "n n n n n n n n", "A1111", s =>
        {
            s.Variables[OwnServers.Variable] = s.Vendors.A1111.BaseUrl;
            s.Vendors.A1111.ControlNet = 2;
        }) { With = "ControlNet and IP-Adapter" },
        new("StableDiffusion", "n n n n n n x x", "ComfyUI", s => s.Variables[OwnServers.Variable] = s.Vendors.ComfyUI.BaseUrl),
        new("StableDiffusion", "n n n n n n n n", "ComfyUI", s =>
        {
            s.Variables[OwnServers.Variable] = s.Vendors.ComfyUI.BaseUrl;
            s.Vendors.ComfyUI.HasIPAdapter = true;
        }) { With = "IP-Adapter" },
        // Flux Redux takes over a style without an extension; there is no IP-Adapter for it among the nodes that are known.
        new("StableDiffusion", "n n n n n n n –", "ComfyUI", s =>
        {
            s.Variables[OwnServers.Variable] = s.Vendors.ComfyUI.BaseUrl;
            (s.Vendors.ComfyUI.HasCheckpoints, s.Vendors.ComfyUI.Flux) = (false, 2);
        }) { With = "Flux Redux" },
        new("CreatOK", "n e – – – e e n"),
        // By what its pages publish: of its enlarger (topaz) nobody says what it must be sent.
        new("SkillsVideo", "n n – – – e e n"),
        new("WellAPI", "n n n – – e e e"),
    ];

    [Fact]
    public void Every_provider_has_a_row() =>
        Assert.Equal(ProviderRegistry.BuiltIn.Providers.Select(p => p.Profile.Id), Matrix.Select(r => r.Provider).Distinct());

    [Fact]
    public async Task Every_provider_does_what_the_design_says()
    {
        ConcurrentDictionary<Row, string> found = [];
        await Parallel.ForEachAsync(Matrix, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (row, _) =>
        {
            List<char> cells = [];
            foreach (string column in Columns)
            {
                await using Spine spine = await Spine.StartAsync();
                row.Prepare?.Invoke(spine);
                try
                {
                    cells.Add(cells.Count < Operations.Length ? await TryAsync(spine, row, Operations[cells.Count]) : await TryCharacterAsync(spine, row));
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"{row.Name}, {column}: {e.Message}", e);
                }
            }

            found[row] = string.Join(' ', cells);
        });

        output.WriteLine($"{string.Empty,-56}{string.Join(' ', Columns)}");
        foreach (Row row in Matrix)
            output.WriteLine($"{row.Name,-56}{string.Join(' ', found[row].Split(' ').Select((letter, i) => letter.PadRight(Columns[i].Length)))}");
        output.WriteLine("n native, e emulated and said in the quote, x with an extension of that server, – not");
        Assert.Equal(Matrix.Select(r => $"{r.Name}: {r.Letters}"), Matrix.Select(r => $"{r.Name}: {found[r]}"));
    }

    private static async Task<char> TryAsync(Spine spine, Row row, ImageOperation operation)
    {
        Planner planner = await LearnAsync(spine, row);
        try
        {
            Candidate candidate = await DeliverAsync(spine, row, PlanOf(planner, row, operation, SamplePictures.Draft(operation)));
            return Letter(candidate, operation.ToString(), candidate.Shape.Model.Operations.Contains(operation));
        }
        catch (AIImageException e)
        {
            return Refused(spine, row, operation, e.Error);
        }
    }

    // Nothing was sent, and the user reads who else can do it.
    private static char Refused(Spine spine, Row row, ImageOperation operation, ImageError error)
    {
        Assert.Equal(ImageErrorId.Unsupported, error.Id);
        Assert.DoesNotContain(spine.Vendors.Requests, r => r.Method != "GET");
        string[] able = [.. Matrix.Where(r => r.Letters.Split(' ')[Array.IndexOf(Operations, operation)][0] is Native or Emulated)
            .Where(r => r.Provider != "Demo" && r.Provider != row.Provider && spine.Surroundings.IsConfigured(ProviderRegistry.BuiltIn.Get(r.Provider).Profile)).Select(r => r.Provider).Distinct()];
        Assert.NotEmpty(able);
        Assert.EndsWith($": {string.Join(", ", able)}.", error.Recommendation, StringComparison.Ordinal);
        return error.Message.Contains("only with", StringComparison.Ordinal) ? Extension : Unsupported;
    }

    private static async Task<char> TryCharacterAsync(Spine spine, Row row)
    {
        Planner planner = await LearnAsync(spine, row);
        RequestDraft draft = SamplePictures.Draft(ImageOperation.Generate, references: 1);
        Candidate balanced = await DeliverAsync(spine, row, PlanOf(planner, row, ImageOperation.Generate, draft));
        try
        {
            // Another picture, as one that was uploaded already is not sent again.
            string other = SamplePictures.Of("character", "jpeg", 64, 64);
            await DeliverAsync(spine, row, PlanOf(planner, row, ImageOperation.Generate, draft with { ConsistencyMode = ConsistencyMode.Strict, ReferenceImages = [other] }));
        }
        catch (AIImageException e)
        {
            // It is not promised; and where the reference only inspires, or is left out, that was said before paying.
            Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
            Assert.Equal(1, spine.Vendors.Count(row.Vendor!).Submits);
            Assert.NotEmpty(balanced.Shape.Warnings);
            return e.Error.Recommendation.Contains("It could with", StringComparison.Ordinal) ? Extension : Unsupported;
        }

        Assert.Empty(balanced.Shape.Warnings);
        Assert.Single(balanced.Shape.Inputs);
        return Letter(balanced, "References", !balanced.Shape.Model.Emulates.ContainsKey("References"));
    }

    private static char Letter(Candidate candidate, string what, bool native)
    {
        if (native)
            return Native;
        Assert.Contains(candidate.Shape.Model.Emulates[what], candidate.Quote.Notes);
        return Emulated;
    }

    // A whole picture on disk for one order, which holds every picture that was given.
    private static async Task<Candidate> DeliverAsync(Spine spine, Row row, Plan plan)
    {
        Candidate candidate = plan.Candidates[0];
        spine.Vendors.ClearCounts();
        RunReport report = await spine.Engine.RunAsync(
            ApprovedCall.Gate.Approve(plan, new ForegroundConsent(true), new Budget())!, new RunOptions(spine.Folder, timeout: TimeSpan.FromHours(8)), spine.Listener, CancellationToken.None);

        Assert.Null(report.Error);
        Assert.Equal(ImageTaskStatus.Succeeded, report.Record.Status);
        InputImage picture = InputImage.From(Assert.Single(report.Record.Images).Path);
        if (candidate.Shape.Size is { } size)
            Assert.Equal(size, new ImageSize(picture.Info!.Width, picture.Info.Height));
        Assert.Empty(spine.Vendors.Violations);
        Assert.Equal(row.Provider is "Demo" or "StableDiffusion", candidate.Quote.IsFree);
        if (row.Vendor is null)
        {
            Assert.Empty(spine.Vendors.Requests);
            return candidate;
        }

        VendorCounts count = spine.Vendors.Count(row.Vendor);
        Assert.Equal((1, 1, 1), (count.Submits, count.BilledSubmits, count.BilledImages));
        Assert.All(spine.Vendors.Requests, r => Assert.Equal(row.Vendor, r.Vendor));
        byte[][] arrived = [.. spine.Vendors.Requests.SelectMany(r => r.Files).Select(f => f.Bytes)];
        foreach (PlannedInput input in candidate.Shape.Inputs.Where(i => i.Preparation == Preparation.None))
            Assert.Contains(File.ReadAllBytes(input.Image.Path!), arrived);
        return candidate;
    }

    // Of what can be chosen the smallest: larger pictures take time.
    private static Plan PlanOf(Planner planner, Row row, ImageOperation operation, RequestDraft draft)
    {
        Plan plan = planner.Plan(new ImageRequest(operation, draft), row.Selection);
        return operation != ImageOperation.Generate || plan.Candidates[0].Shape.Model.Sizes is not { } sizes ? plan : planner.Plan(new ImageRequest(operation, draft with
        {
            Resolution = sizes.Resolutions.Contains("1K") ? "1K" : null,
            Size = sizes.MultipleOf > 0 ? sizes.Nearest(new ImageSize(64, 64))?.ToString() : null,
        }), row.Selection);
    }

    private static async Task<Planner> LearnAsync(Spine spine, Row row)
    {
        Planner planner = new(ProviderRegistry.BuiltIn, spine.Surroundings);
        using Transport transport = new();
        await planner.LearnAsync(row.Selection, transport, CancellationToken.None);
        return planner;
    }

    /// <summary>A row of the table.</summary>
    /// <param name="Provider">The provider.</param>
    /// <param name="Letters">A letter for each column.</param>
    /// <param name="Server">Which of its servers, where there are several.</param>
    /// <param name="Prepare">What the server has.</param>
    private sealed record Row(string Provider, string Letters, string? Server = null, Action<Spine>? Prepare = null)
    {
        /// <summary>What the server has beyond the usual, in words.</summary>
        public string? With { get; init; }

        public string Name => string.Join(' ', new[] { Provider, Server, With is null ? null : $"with {With}" }.OfType<string>());

        /// <summary>Whose books to look at; null for the one that lives in this process.</summary>
        public string? Vendor => Provider == "Demo" ? null : Server ?? Provider;

        public Selection Selection => new() { Provider = Provider };
    }
}
