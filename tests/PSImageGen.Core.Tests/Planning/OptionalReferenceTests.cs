using PSImageGen.Core.Engine;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Planning;

/// <summary>Pictures that may stay behind go along as far as a model takes them, and no further.</summary>
public class OptionalReferenceTests
{
    [Theory]
    [InlineData("flux-2-pro", 4, 4)]
    [InlineData("flux-2-pro", 10, 8)]
    [InlineData("flux-kontext-pro", 6, 4)]
    public async Task As_many_go_along_as_the_model_takes(string model, int given, int sent)
    {
        await using Spine spine = await Spine.StartAsync();

        CallShape shape = Plan(spine, new Selection { Provider = "BFL", Model = model }, given, given - 1).Candidates[0].Shape;

        Assert.Equal(shape.Request.ReferenceImages.Take(sent), shape.Inputs.Select(i => i.Image));
        Assert.Equal(given > sent, shape.Notes.Any(n => n.Contains("go along", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Those_that_must_go_along_are_too_many_as_ever()
    {
        await using Spine spine = await Spine.StartAsync();

        Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => Plan(spine, new Selection { Provider = "BFL" }, 10, 1)).Error.Id);
        Assert.Equal(8, Plan(spine, new Selection { Provider = "BFL" }, 10, 2).Candidates[0].Shape.Inputs.Count);
    }

    [Fact]
    public async Task What_is_ordered_again_is_the_same()
    {
        await using Spine spine = await Spine.StartAsync();
        ImageRequest request = Request(spine, 10, 9);
        RunRecord record = new()
        {
            RunId = "a",
            Provider = "BFL",
            Model = "flux-2-pro",
            Quote = new Quote { Provider = "BFL", Model = "flux-2-pro", Operation = ImageOperation.Generate, Count = 1 },
            Destination = new Destination("a"),
            Requested = 1,
            Request = request.ToJson(),
            Tasks = [new TaskRecord { Provider = "BFL", Model = "flux-2-pro", Count = 1, Status = ImageTaskStatus.Unknown }],
        };

        Assert.Equal(9, Redraft.Of(record, "a").Request.OptionalReferences);
    }

    private static ImageRequest Request(Spine spine, int given, int optional) => new(ImageOperation.Generate, new RequestDraft
    {
        Prompt = "she reads",
        ReferenceImages = [.. Enumerable.Range(0, given).Select(_ => spine.Picture())],
        OptionalReferences = optional,
    });

    private static Plan Plan(Spine spine, Selection selection, int given, int optional) => new Planner(Core.Providers.ProviderRegistry.BuiltIn, spine.Surroundings).Plan(Request(spine, given, optional), selection);
}
