using System.Globalization;
using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Providers.Stability;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders.Images;
using static PSImageGen.Core.Tests.Support.VendorTools;

namespace PSImageGen.Core.Tests.Providers;

/// <summary>Stability as a translation: what is sent for each endpoint, and what each answer means.</summary>
public sealed class StabilityTests : IDisposable
{
    private static readonly StabilityProvider Provider = new();

    private readonly string _image = NewImage(320, 200), _mask = NewImage(320, 200), _style = NewImage(128, 128);

    public void Dispose()
    {
        foreach (string path in new[] { _image, _mask, _style })
            File.Delete(path);
    }

    [Fact]
    public void A_picture_from_words_is_a_form_too()
    {
        VendorRequest request = Submit(ImageOperation.Generate, null, new RequestDraft
        {
            Prompt = "a fox",
            NegativePrompt = "snow",
            AspectRatio = "16:9",
            Seed = 4294967294,
            Format = ImageFormat.Webp,
            ProviderOptions = new JsonObject { ["style_preset"] = "line-art" },
        });

        Assert.Equal("v2beta/stable-image/generate/core", request.Address);
        Assert.Equal("application/json", request.Accept);
        Assert.Equal("prompt=a fox&negative_prompt=snow&aspect_ratio=16:9&seed=4294967294&output_format=webp&style_preset=line-art", Form(request));
    }

    [Theory]
    [InlineData("sd3.5-large", "model=sd3.5-large&prompt=a fox&aspect_ratio=1:1&mode=text-to-image")]
    [InlineData("sd3.5-flash", "model=sd3.5-flash&prompt=a fox&aspect_ratio=1:1&mode=text-to-image")]
    [InlineData("sd4-new", "prompt=a fox&aspect_ratio=1:1&model=sd4-new&mode=text-to-image")]
    public void Models_of_one_endpoint_are_named_and_so_are_those_nobody_here_knows(string model, string form)
    {
        VendorRequest request = Submit(ImageOperation.Generate, model, new RequestDraft { Prompt = "a fox" });

        Assert.Equal("v2beta/stable-image/generate/sd3", request.Address);
        Assert.Equal(form, Form(request));
    }

    [Fact]
    public void A_change_follows_the_picture_and_tells_how_much_in_invariant_numbers()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            VendorRequest request = Submit(ImageOperation.Img2Img, null, new RequestDraft { Prompt = "night", Image = _image, Strength = 0.35, ProviderOptions = new JsonObject { ["cfg_scale"] = 4.5 } });

            Assert.Equal("v2beta/stable-image/generate/sd3", request.Address);
            Assert.Equal("model=sd3.5-large&prompt=night&strength=0.35&cfg_scale=4.5&image=file 0&mode=image-to-image", Form(request));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(ImageOperation.Img2Img, "stable-image-ultra", "generate/ultra", "prompt=p&aspect_ratio=3:2&strength=0.75&image=file 0")]
    [InlineData(ImageOperation.Img2Img, "sketch", "control/sketch", "prompt=p&image=file 0")]
    [InlineData(ImageOperation.Img2Img, "structure", "control/structure", "prompt=p&image=file 0")]
    [InlineData(ImageOperation.Img2Img, "remove-background", "edit/remove-background", "image=file 0")]
    [InlineData(ImageOperation.Img2Img, "replace-background-and-relight", "edit/replace-background-and-relight", "background_prompt=p&subject_image=file 0")]
    [InlineData(ImageOperation.Inpaint, null, "edit/inpaint", "prompt=p&image=file 0&mask=file 1")]
    [InlineData(ImageOperation.Inpaint, "erase", "edit/erase", "image=file 0&mask=file 1")]
    [InlineData(ImageOperation.Outpaint, null, "edit/outpaint", "prompt=p&left=0&right=300&up=20&down=0&image=file 0")]
    [InlineData(ImageOperation.Upscale, null, "upscale/fast", "output_format=png&image=file 0")]
    [InlineData(ImageOperation.Upscale, "upscale-conservative", "upscale/conservative", "prompt=p&output_format=png&image=file 0")]
    [InlineData(ImageOperation.Upscale, "upscale-creative", "upscale/creative", "prompt=p&output_format=png&image=file 0")]
    [InlineData(ImageOperation.Vary, null, "generate/sd3", "model=sd3.5-large&prompt=Another version of this picture. p&strength=0.5&image=file 0&mode=image-to-image")]
    [InlineData(ImageOperation.Style, null, "control/style-transfer", "prompt=p&style_strength=0.7&init_image=file 0&style_image=file 1")]
    public void Every_operation_goes_to_its_endpoint(ImageOperation operation, string? model, string path, string form)
    {
        VendorRequest request = Submit(operation, model, Draft(operation));

        Assert.Equal("v2beta/stable-image/" + path, request.Address);
        Assert.Equal(form, Form(request));
    }

    [Theory]
    [InlineData("search-and-replace", "search_prompt")]
    [InlineData("search-and-recolor", "select_prompt")]
    public void What_is_to_be_found_must_be_said(string model, string option)
    {
        RequestDraft draft = new() { Prompt = "a hat", Image = _image };

        AIImageException e = Assert.Throws<AIImageException>(() => Submit(ImageOperation.Img2Img, model, draft));
        Assert.Contains(option, e.Error.Recommendation, StringComparison.Ordinal);
        Assert.Equal($"prompt=a hat&{option}=the crown&image=file 0", Form(Submit(ImageOperation.Img2Img, model, draft with { ProviderOptions = new JsonObject { [option] = "the crown" } })));
    }

    [Theory]
    [InlineData(ConsistencyMode.Balanced, "0.5")]
    [InlineData(ConsistencyMode.Loose, "0.3")]
    public void A_reference_is_followed_in_its_style_alone_and_that_is_said(ConsistencyMode mode, string fidelity)
    {
        ProviderCall call = Translation.Call(Provider, null, new RequestDraft { Prompt = "a fox", ReferenceImages = [_style], ConsistencyMode = mode });

        Assert.Equal($"prompt=a fox&aspect_ratio=1:1&fidelity={fidelity}&image=file 0", Form(Provider.Submit(call)));
        Assert.Contains(call.Shape.Warnings, w => w.Contains("only inspire", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_character_must_keep_is_not_promised()
    {
        AIImageException e = Assert.Throws<AIImageException>(() =>
            Translation.Call(Provider, null, new RequestDraft { Prompt = "a fox", ReferenceImages = [_style], ConsistencyMode = ConsistencyMode.Strict }));

        Assert.Equal(ImageErrorId.Unsupported, e.Error.Id);
        Assert.NotEmpty(e.Error.Recommendation);
    }

    [Theory]
    [InlineData("stable-image-core", "Seed", "0")]
    [InlineData("stable-image-core", "Seed", "4294967295")]
    [InlineData("sd3.5-large", "ImageAndRatio", "16:9")]
    [InlineData("outpaint", "Right", "2001")]
    [InlineData("upscale-fast", "Image", "1025x1024")]
    [InlineData("upscale-fast", "Image", "31x400")]
    [InlineData("inpaint", "Image", "63x400")]
    [InlineData("outpaint", "Image", "1000x300")]
    [InlineData("remove-background", "Format", "jpeg")]
    [InlineData("style", "Nothing", "")]
    public void What_the_vendor_would_refuse_is_said_before(string model, string what, string value)
    {
        string? image = what == "Image" ? NewImage(int.Parse(value.Split('x')[0], CultureInfo.InvariantCulture), int.Parse(value.Split('x')[1], CultureInfo.InvariantCulture)) : null;
        try
        {
            ImageOperation operation = what == "ImageAndRatio" ? ImageOperation.Img2Img : Provider.Catalogue.Find(model)!.Operations[0];
            RequestDraft draft = Draft(operation);
            AIImageException e = Assert.Throws<AIImageException>(() => Submit(operation, model, what switch
            {
                "Seed" => draft with { Seed = long.Parse(value, CultureInfo.InvariantCulture) },
                "ImageAndRatio" => draft with { AspectRatio = value },
                "Right" => draft with { Right = int.Parse(value, CultureInfo.InvariantCulture) },
                "Image" => draft with { Image = image, Mask = draft.Mask is null ? null : image },
                "Format" => draft with { Format = ImageFormat.Jpeg },
                _ => draft,
            }));

            Assert.Contains(e.Error.Id, new[] { ImageErrorId.InvalidRequest, ImageErrorId.InvalidImage });
            Assert.NotEmpty(e.Error.Recommendation);
        }
        finally
        {
            if (image is not null)
                File.Delete(image);
        }
    }

    [Fact]
    public void A_shape_the_vendor_lacks_becomes_the_nearest_and_that_is_said()
    {
        CallShape shape = Translation.Call(Provider, null, new RequestDraft { Prompt = "a fox", AspectRatio = "4:3" }).Shape;

        Assert.Equal("5:4", shape.Ratio.ToString());
        Assert.Contains(shape.Notes, n => n.Contains("5:4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stable-image-core", "0.03")]
    [InlineData("stable-image-ultra", "0.08")]
    [InlineData("sd3.5-large", "0.065")]
    [InlineData("sd3.5-flash", "0.025")]
    public void One_credit_is_one_cent(string model, string each) =>
        Assert.Equal(decimal.Parse(each, CultureInfo.InvariantCulture) * 3, Translation.Price(Provider, model, new RequestDraft { Prompt = "a fox", Count = 3 }));

    [Fact]
    public void Both_forms_of_a_picture_are_read_with_their_seed()
    {
        SubmitAnswer.Finished json = Assert.IsType<SubmitAnswer.Finished>(Read(Answer(200, """{"image":"part:0","finish_reason":"SUCCESS","seed":1187003412}""", 1)));
        SubmitAnswer.Finished raw = Assert.IsType<SubmitAnswer.Finished>(Read(Answer(200, "null", 1, ("seed", "7"), ("finish-reason", "SUCCESS"))));

        Assert.Equal((0, 1187003412L), (json.Pictures[0].Part, json.Pictures[0].Seed));
        Assert.Equal((0, 7L), (raw.Pictures[0].Part, raw.Pictures[0].Seed));
        Assert.Equal("abc", Assert.IsType<SubmitAnswer.Accepted>(Read(Answer(200, """{"id":"abc"}"""))).Handle.TaskId);
        Assert.Equal(Acceptance.Unknown, Assert.IsType<SubmitAnswer.Refused>(Read(Answer(200, "{}"))).Failure.Acceptance);
    }

    [Fact]
    public void A_blurred_picture_is_a_refusal_that_may_have_cost()
    {
        VendorAnswer answer = Answer(200, """{"image":"part:0","finish_reason":"CONTENT_FILTERED","seed":1}""", 1);

        VendorFailure order = Assert.IsType<SubmitAnswer.Refused>(Read(answer)).Failure;
        VendorFailure job = Assert.IsType<StatusAnswer.Failed>(Provider.ReadStatus(new TaskHandle("a"), answer)).Failure;

        Assert.All([order, job], f => Assert.Equal((ImageErrorId.ContentRefused, Acceptance.Refused, true), (f.Id, f.Acceptance, f.MayHaveBeenCharged)));
    }

    [Theory]
    [InlineData(400, "bad_request", ImageErrorId.InvalidRequest, Acceptance.Refused, false)]
    [InlineData(400, "invalid_prompts", ImageErrorId.ContentRefused, Acceptance.Refused, false)]
    [InlineData(401, "unauthorized", ImageErrorId.AuthenticationFailed, Acceptance.NotAccepted, false)]
    [InlineData(402, "payment_required", ImageErrorId.InsufficientCredits, Acceptance.NotAccepted, false)]
    [InlineData(403, "payment_required", ImageErrorId.InsufficientCredits, Acceptance.NotAccepted, false)]
    [InlineData(403, "content_moderation", ImageErrorId.ContentRefused, Acceptance.Refused, false)]
    [InlineData(403, "something_new", ImageErrorId.ContentRefused, Acceptance.Refused, false)]
    [InlineData(403, "permission_denied", ImageErrorId.AuthenticationFailed, Acceptance.NotAccepted, false)]
    [InlineData(404, "generation_not_found", ImageErrorId.NotFound, Acceptance.NotAccepted, false)]
    [InlineData(413, "payload_too_large", ImageErrorId.InvalidRequest, Acceptance.Refused, false)]
    [InlineData(422, "invalid_language", ImageErrorId.InvalidRequest, Acceptance.Refused, false)]
    [InlineData(422, "public_figure", ImageErrorId.ContentRefused, Acceptance.Refused, false)]
    [InlineData(429, "rate_limit_exceeded", ImageErrorId.RateLimited, Acceptance.NotAccepted, false)]
    [InlineData(500, "internal_error", ImageErrorId.ProviderUnavailable, Acceptance.Unknown, true)]
    public void Each_refusal_means_what_the_vendor_documents(int status, string name, ImageErrorId id, Acceptance acceptance, bool mayHaveCost)
    {
        VendorFailure failure = Provider.Classify(Answer(status, $$"""{"id":"x","name":"{{name}}","errors":["one","two"]}"""));

        Assert.Equal((id, acceptance, mayHaveCost), (failure.Id, failure.Acceptance, failure.MayHaveBeenCharged));
        Assert.Equal(("one; two", name, status == 429), (failure.Message, failure.Code, failure.SendAgain));
    }

    [Fact]
    public void The_lock_out_counts_unless_the_answer_says_how_long()
    {
        const string Body = """{"id":"rate_limit_exceeded","name":"rate_limit_exceeded","errors":["slow down"]}""";

        Assert.Equal(TimeSpan.FromSeconds(60), Provider.Classify(Answer(429, Body)).RetryAfter);
        Assert.Null(Provider.Classify(Answer(429, Body, 0, ("Retry-After", "5"))).RetryAfter);
        Assert.Equal("go away", Provider.Classify(Answer(401, """{"message":"go away"}""")).Message);
        Assert.Equal(Acceptance.Unknown, Provider.Classify(Page(502, "<html>")).Acceptance);
    }

    [Fact]
    public void A_job_is_asked_for_by_its_id_and_at_the_vendors_pace()
    {
        VendorRequest question = Provider.Status(new TaskHandle("0123"));

        Assert.Equal(("v2beta/results/0123", "application/json"), (question.Address, question.Accept));
        Assert.Contains("image", question.ImageFields);
        Assert.Equal(TimeSpan.FromSeconds(10), Provider.Profile.PollInterval);
        Assert.Equal("in-progress", Assert.IsType<StatusAnswer.Working>(Provider.ReadStatus(new TaskHandle("0123"), Answer(202, """{"id":"0123","status":"in-progress"}"""))).Word);
        Assert.Equal(["replace-background-and-relight", "upscale-creative"], Provider.Catalogue.Models.Where(m => !Provider.IsSynchronous(m)).Select(m => m.Id));
    }

    private static string NewImage(int width, int height)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, TinyImages.Make("png", width, height, path));
        return path;
    }

    private RequestDraft Draft(ImageOperation operation) => new()
    {
        Prompt = "p",
        Image = operation == ImageOperation.Generate ? null : _image,
        Mask = operation == ImageOperation.Inpaint ? _mask : null,
        StyleImage = operation == ImageOperation.Style ? _style : null,
        Right = operation == ImageOperation.Outpaint ? 300 : null,
        Up = operation == ImageOperation.Outpaint ? 20 : null,
    };

    private static SubmitAnswer Read(VendorAnswer answer) => Provider.ReadSubmit(Translation.Call(Provider), answer);

    private static VendorRequest Submit(ImageOperation operation, string? model, RequestDraft draft) => Provider.Submit(Translation.Call(Provider, operation, model, draft));

    private static string Form(VendorRequest request) => string.Join('&', Assert.IsType<RequestBody.Multipart>(request.Body).Parts
        .Select(p => $"{p.Name}={(p.FileIndex is { } file ? $"file {file}" : p.Value)}"));
}
