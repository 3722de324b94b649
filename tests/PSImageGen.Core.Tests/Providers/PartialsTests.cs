using System.Text.Json.Nodes;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Partial pictures: shown on the way, kept only on request, and never taken for the picture that is paid for.</summary>
public class PartialsTests
{
    private static Order Streamed => Order.OpenAI with { Options = Partials(2), Name = "fox" };

    [Fact]
    public async Task Partial_pictures_are_shown_and_the_finished_one_alone_is_the_result()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Streamed);

        spine.AssertDelivered(report, "OpenAI");
        Assert.Equal(["partial picture 1 of 2", "partial picture 2 of 2"], spine.Listener.Steps.Select(s => s.Word).OfType<string>());
        RequestRecord order = Assert.Single(spine.Vendors.Requests);
        Assert.Equal((true, 2, 1), ((bool)order.Body!["stream"]!, (int)order.Body["partial_images"]!, (int)order.Body["n"]!));
        Assert.Equal(["fox.png"], Names(spine));
        Assert.False(Directory.Exists(Parts(report)));
        // The record holds the event of the product, with the vendor's own count, in which the partial pictures are.
        Assert.Equal("image_generation.completed", (string)report.Record.Raw!["type"]!);
        Assert.Equal(report.Record.Raw["usage"]!["output_tokens"]!.GetValue<int>(), 200 + OutputTokens(report));
    }

    [Fact]
    public async Task Partial_pictures_are_kept_on_request_beside_the_picture()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport first = await spine.RunAsync(Streamed with { SavePartials = true });
        RunReport second = await spine.RunAsync(Streamed with { SavePartials = true, RunId = RunIds.New(), Format = ImageFormat.Jpeg });
        RunReport third = await spine.RunAsync(Streamed with { SavePartials = true, RunId = RunIds.New() });

        Assert.Equal(["fox-1.png", "fox.jpg", "fox.partial-1.jpg", "fox.partial-1.png", "fox.partial-2.jpg", "fox.partial-2.png", "fox.partial-3.png", "fox.partial-4.png", "fox.png"], Names(spine));
        Assert.All([first, second, third], report => Assert.Single(report.ToResult().Images));
        Assert.Equal(9, spine.Pictures().Select(p => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(p)))).Distinct().Count());
        Assert.All(spine.Pictures(), p => Assert.Equal(Path.GetExtension(p) == ".jpg" ? "jpeg" : "png", ImageProbe.Read(File.ReadAllBytes(p))?.Format));
        string partial = Path.Combine(spine.Folder, "fox.partial-1.png");
        Assert.Contains($"Saved partial picture 1 of 2: {partial}", spine.Listener.Texts);
        Assert.DoesNotContain("partial-1", File.ReadAllText(first.RecordPath), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Parts(first)));
    }

    [Fact]
    public async Task To_keep_them_is_to_ask_for_two_where_the_model_sends_them()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.OpenAI with { SavePartials = true, Name = "fox" });

        Assert.Null(report.Error);
        Assert.Equal(["fox.partial-1.png", "fox.partial-2.png", "fox.png"], Names(spine));
        Assert.Equal(2, (int)Assert.Single(spine.Vendors.Requests).Body!["partial_images"]!);
    }

    [Fact]
    public async Task A_model_that_sends_none_makes_its_picture_all_the_same()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Order.Bfl with { SavePartials = true });

        spine.AssertDelivered(report, "BFL");
        Assert.Equal(0, spine.Plan(Order.Bfl with { SavePartials = true }).Candidates[0].Shape.Partials);
    }

    [Fact]
    public async Task A_stream_makes_one_picture_so_that_several_are_several_orders()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(spine.NewEngine(throttle: 1), Streamed with { Count = 3, Options = Partials(1), SavePartials = true });

        Assert.Null(report.Error);
        Assert.Equal([1, 1, 1], report.Record.Tasks.Select(t => t.Count));
        Assert.Equal((3, 3), (spine.OpenAI.BilledSubmits, spine.OpenAI.BilledImages));
        Assert.Equal(["fox-1.partial-1.png", "fox-1.png", "fox-2.partial-1.png", "fox-2.png", "fox-3.partial-1.png", "fox-3.png"], Names(spine));
    }

    [Fact]
    public async Task Reference_images_go_along_with_a_stream()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Streamed with { References = [spine.Picture()], SavePartials = true });

        Assert.Null(report.Error);
        Assert.Equal(["fox.partial-1.png", "fox.partial-2.png", "fox.png"], Names(spine));
        Assert.Equal("true", (string)Assert.Single(spine.Vendors.Requests).Body!["fields"]!["stream"]!);
    }

    [Fact]
    public async Task None_asked_for_is_no_stream()
    {
        await using Spine spine = await Spine.StartAsync();

        RunReport report = await spine.RunAsync(Streamed with { Options = Partials(0), Count = 2, SavePartials = true });

        spine.AssertDelivered(report, "OpenAI", 2);
        JsonNode body = Assert.Single(spine.Vendors.Requests).Body!;
        Assert.Equal((null, null, 2), (body["stream"], body["partial_images"], (int)body["n"]!));
    }

    [Fact]
    public async Task Plain_JSON_in_place_of_the_stream_is_the_answer_too()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Stream, FaultKind.NoStream);

        RunReport report = await spine.RunAsync(Streamed with { SavePartials = true });

        spine.AssertDelivered(report, "OpenAI");
    }

    // Cut between two events or within the last, in order or not: what came before is no picture.
    [Theory]
    [InlineData(FaultKind.Truncate, null)]
    [InlineData(FaultKind.Truncate, 0)]
    [InlineData(FaultKind.Truncate, 1)]
    [InlineData(FaultKind.NoBlankLine, 1)]
    [InlineData(FaultKind.DropMidAnswer, null)]
    [InlineData(FaultKind.DropMidAnswer, 0)]
    [InlineData(FaultKind.DropMidAnswer, 1)]
    public async Task A_stream_that_ends_before_the_finished_picture_is_an_outcome_nobody_saw(FaultKind kind, int? after)
    {
        foreach (bool save in (bool[])[false, true])
        {
            await using Spine spine = await Spine.StartAsync();
            spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Stream, Kind = kind, AfterEvents = after, Times = -1 });

            RunReport report = await spine.RunAsync(Streamed with { SavePartials = save });

            await AssertUnknownAsync(spine, report);
            Assert.All(Names(spine), name => Assert.StartsWith("fox.partial-", name, StringComparison.Ordinal));
            Assert.Equal(save ? spine.Listener.Steps.Count(s => s.Word is not null) : 0, spine.Pictures().Length);
        }
    }

    [Fact]
    public async Task The_finished_picture_counts_even_where_its_event_lacks_its_blank_line()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Stream, FaultKind.NoBlankLine);

        spine.AssertDelivered(await spine.RunAsync(Streamed), "OpenAI");
    }

    [Fact]
    public async Task Silence_between_the_events_is_waited_out_since_there_is_nobody_to_ask()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Stream, Kind = FaultKind.Hang, AfterEvents = 1 });

        Task<RunReport> run = spine.RunAsync(spine.NewEngine(silence: TimeSpan.FromMilliseconds(1)), Streamed);
        await spine.Vendors.WaitUntilAsync(v => v.Hanging > 0, TimeSpan.FromSeconds(60));
        await Spine.UntilAsync(() => spine.Listener.Steps.Any(s => s.Word is not null));
        await Task.Delay(100);
        Assert.False(run.IsCompleted);
        spine.Vendors.Release();

        spine.AssertDelivered(await run, "OpenAI");
    }

    [Fact]
    public async Task An_error_of_the_server_in_the_stream_leaves_the_outcome_unknown()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Stream, Kind = FaultKind.Refuse, Code = "server_error", Times = -1 });

        RunReport report = await spine.RunAsync(Streamed);

        Assert.Equal(("server_error", "The server had an error while processing your request."), (report.Error!.VendorCode, report.Error.VendorMessage));
        await AssertUnknownAsync(spine, report);
        Assert.Empty(Names(spine));
    }

    [Fact]
    public async Task A_refusal_in_the_stream_is_an_end_that_may_have_cost()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Stream, FaultKind.Refuse, times: -1);

        RunReport report = await spine.RunAsync(Streamed);

        Assert.Equal((ImageErrorId.ContentRefused, true, ImageTaskStatus.Failed), (report.Error!.Id, report.Error.MayHaveBeenCharged, report.Record.Status));
        Assert.Equal(1, spine.OpenAI.Submits);
        Assert.Empty(Names(spine));
    }

    // P and C stand for a partial and a finished picture.
    [Theory]
    [InlineData("a word at the end", true, "data: {\"type\":\"image_generation.partial_image\",\"partial_image_index\":0,\"b64_json\":\"P\"}\n\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"C\"}\n\ndata: [DONE]\n\n")]
    [InlineData("comments, no names", true, ": hello\n\ndata: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"P\"}\n\n: hello\n\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"C\"}\n\n")]
    [InlineData("names only", true, "event: image_generation.partial_image\ndata: {\"partial_image_index\":0,\"b64_json\":\"P\"}\n\nevent: image_generation.completed\ndata: {\"b64_json\":\"C\"}\n\n")]
    [InlineData("other events", true, "data: {}\n\ndata: {\"type\":\"image_generation.text_chunk\",\"text\":\"…\"}\n\ndata: hello\n\ndata: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"P\"}\n\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"C\"}\n\n")]
    [InlineData("the plain answer as an event", true, "data: {\"created\":1,\"data\":[{\"b64_json\":\"C\"}]}\n\n")]
    [InlineData("an error that passed", true, "data: {\"type\":\"error\",\"error\":{\"code\":\"server_error\"}}\n\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"C\"}\n\n")]
    [InlineData("the word without a picture", false, "data: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"P\"}\n\ndata: [DONE]\n\n")]
    [InlineData("an error in words", false, "data: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"P\"}\n\ndata: {\"error\":\"out of paint\"}\n\n")]
    [InlineData("another event with a picture", false, "data: {\"type\":\"image_generation.preview\",\"b64_json\":\"P\"}\n\n")]
    [InlineData("nothing", false, "")]
    public async Task Other_streams_are_read_as_well(string form, bool whole, string stream)
    {
        await using Spine spine = await Spine.StartAsync();
        byte[] finished = TinyImages.Make("png", 64, 64, form);
        stream = stream.Replace("\"P\"", $"\"{Convert.ToBase64String(TinyImages.Make("png", 64, 64, "partial"))}\"", StringComparison.Ordinal)
            .Replace("\"C\"", $"\"{Convert.ToBase64String(finished)}\"", StringComparison.Ordinal);
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Stream, Kind = FaultKind.WrongBody, Body = stream, ContentType = "text/event-stream", Times = -1 });

        RunReport report = await spine.RunAsync(Streamed with { Metadata = Core.Artifacts.Metadata.MetadataMode.None });

        if (!whole)
        {
            await AssertUnknownAsync(spine, report);
            Assert.Empty(Names(spine));
            return;
        }

        Assert.Null(report.Error);
        Assert.Equal(finished, File.ReadAllBytes(Assert.Single(spine.Pictures())));
        Assert.Equal(1, spine.OpenAI.Submits);
    }

    [Fact]
    public async Task A_stopped_stream_is_read_to_its_end()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "OpenAI", Stage = FaultStage.Stream, Kind = FaultKind.Hang, AfterEvents = 1 });

        await spine.StopWhenAsync(Streamed, v => v.Hanging > 0);
        spine.Vendors.Release();

        await Spine.UntilAsync(() => Names(spine) is ["fox.png"]);
    }

    [Fact]
    public async Task Ordering_again_keeps_them_again()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add("OpenAI", FaultStage.Stream, FaultKind.Truncate);
        RunReport report = await spine.RunAsync(Order.OpenAI with { SavePartials = true });

        (ImageRequest request, _) = Redraft.Of(report.Record, report.RecordPath);

        Assert.True(request.SavePartials);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public async Task More_than_the_model_sends_is_refused_before_anything_is_sent(int number)
    {
        await using Spine spine = await Spine.StartAsync();

        AIImageException refusal = Assert.Throws<AIImageException>(() => spine.Plan(Streamed with { Options = Partials(number) }));

        Assert.Equal(ImageErrorId.InvalidRequest, refusal.Error.Id);
        Assert.Contains("from 0 to 3", refusal.Message + refusal.Error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_quote_counts_them()
    {
        await using Spine spine = await Spine.StartAsync();
        Quote Of(Order order) => spine.Plan(order with { Size = "1024x1024", Count = 5 }).Candidates[0].Quote;

        Quote plain = Of(Order.OpenAI), some = Of(Streamed), kept = Of(Order.OpenAI with { SavePartials = true });

        // 100 tokens each, at 30 dollars a million.
        Assert.Equal(5 * 2 * 0.003m, some.Amount - plain.Amount);
        Assert.Equal(5 * 2 * 0.003m, some.AmountMax - plain.AmountMax);
        Assert.Equal(some.Amount, kept.Amount);
        Assert.Contains(some.Notes, n => n.Contains("each partial picture", StringComparison.Ordinal));
        Assert.DoesNotContain(plain.Notes, n => n.Contains("partial", StringComparison.Ordinal));
        // Also where the price of the picture itself is not known.
        Quote unknown = Of(Streamed with { Model = "gpt-image-2.5-flare" });
        Assert.Null(unknown.Amount);
        Assert.Contains(unknown.Notes, n => n.Contains("each partial picture", StringComparison.Ordinal));
    }

    private static JsonObject Partials(int number) => new() { ["partial_images"] = number };

    private static string[] Names(Spine spine) => [.. spine.Pictures().Select(p => Path.GetFileName(p))];

    private static string Parts(RunReport report) => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(report.RecordPath))!, "parts");

    // 816 by 816, quality auto: made as medium.
    private static int OutputTokens(RunReport report)
    {
        Assert.Equal("medium", (string)report.Record.Raw!["quality"]!);
        return (int)Math.Ceiling(48 * 48 * (2_000_000m + (816 * 816)) / 4_000_000m);
    }

    private static async Task AssertUnknownAsync(Spine spine, RunReport report)
    {
        Assert.Equal((ImageErrorId.OutcomeUnknown, true, ImageTaskStatus.Unknown), (report.Error!.Id, report.Error.MayHaveBeenCharged, report.Record.Status));
        Assert.False(report.HasImages);

        // Whatever lies on disk, a later process does not take it for the picture.
        RunReport again = await spine.ResumeAsync(report.RecordPath);
        Assert.Equal((ImageErrorId.OutcomeUnknown, ImageTaskStatus.Unknown), (again.Error!.Id, again.Record.Status));
        Assert.False(again.HasImages);
        Assert.Equal(1, spine.OpenAI.Submits);
    }
}
