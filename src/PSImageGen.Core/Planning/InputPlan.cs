using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>What is done to an input image before it is sent.</summary>
public enum Preparation
{
    /// <summary>It goes as it is.</summary>
    None,
    /// <summary>The mask goes as it is, unless it is transparent anywhere: then that becomes black, which vendors read as users do.</summary>
    WhiteMask,
    /// <summary>The mask becomes transparent where it is white.</summary>
    AlphaMask,
    /// <summary>The picture gets the margins around it.</summary>
    Canvas,
    /// <summary>A mask is made of the margins.</summary>
    CanvasMask,
}

/// <summary>An input image as it will go.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="Image">The image it is made from.</param>
/// <param name="Preparation">What is done to it first.</param>
public sealed record PlannedInput(ImageRole Role, InputImage Image, Preparation Preparation = Preparation.None);

/// <summary>Decides which images go in, and checks each against the model before anything is paid.</summary>
internal static class InputPlan
{
    // The formats whose pixels can be worked on here.
    private static readonly string[] Workable = ["png", "jpeg"];

    /// <summary>The images of a request at a model.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, <c>InvalidImage</c> or <c>Unsupported</c>.</exception>
    public static IReadOnlyList<PlannedInput> Of(string provider, ModelRow model, ImageRequest request, Margins margins, List<string> notes, List<string> warnings)
    {
        bool canvas = request.Operation == ImageOperation.Outpaint && model.Canvas is not null;
        List<PlannedInput> inputs = [];
        foreach ((ImageRole role, InputImage image) in request.Inputs.Where(i => i.Role != ImageRole.Reference))
        {
            Preparation preparation = role switch
            {
                ImageRole.Mask when model.Mask == MaskKind.Alpha => Preparation.AlphaMask,
                ImageRole.Mask when image.Info is { } info && Workable.Contains(info.Format, StringComparer.Ordinal) => Preparation.WhiteMask,
                ImageRole.Source when canvas => Preparation.Canvas,
                _ => Preparation.None,
            };
            Check(model, role, image, preparation);
            inputs.Add(new PlannedInput(role, image, preparation));
            if (canvas && role == ImageRole.Source)
                inputs.Add(new PlannedInput(ImageRole.Mask, image, Preparation.CanvasMask));
        }

        inputs.AddRange(References(provider, model, request, notes, warnings));
        if (inputs.Count == 0 && model.NeedsImage)
            throw Errors.ReferenceNeeded(provider, model);
        if (inputs.Count(i => i.Role != ImageRole.Mask) is int count && count > model.MaxInputs)
            throw Errors.TooManyImages(provider, model, count, model.MaxInputs.Value);
        if (inputs.FirstOrDefault(i => i.Preparation == Preparation.Canvas) is { } source && margins.Around(SizeOf(source.Image)) is var whole && model.Input?.Allows(whole.Width, whole.Height) == false)
            throw Errors.ImageOfWrongSize(source.Image, whole, model);
        CheckTotal(model, inputs.Where(i => i.Preparation is Preparation.None or Preparation.WhiteMask).Sum(i => i.Image.Length));
        return inputs;
    }

    /// <summary>Checks the images as they will be sent: of one that was fetched or worked on, only now is it known what it is.</summary>
    /// <param name="model">The model.</param>
    /// <param name="planned">What was planned.</param>
    /// <param name="ready">What became of each.</param>
    /// <exception cref="AIImageException"><c>InvalidImage</c>.</exception>
    public static void CheckReady(ModelRow model, IReadOnlyList<PlannedInput> planned, IReadOnlyList<InputImage> ready)
    {
        for (int i = 0; i < ready.Count; i++)
            CheckOne(model, planned[i].Role, planned[i].Image, ready[i]);
        CheckTotal(model, ready.Sum(r => r.Length));
        InputImage? Of(ImageRole role) => planned.Select((p, i) => (p.Role, Image: ready[i])).FirstOrDefault(p => p.Role == role).Image;
        if (Of(ImageRole.Source) is { Info: { } source } && Of(ImageRole.Mask) is { Info: { } mask } && (mask.Width, mask.Height) != (source.Width, source.Height))
            throw Errors.MaskOfOtherSize(Of(ImageRole.Mask)!, Of(ImageRole.Source)!);
    }

    private static IEnumerable<PlannedInput> References(string provider, ModelRow model, ImageRequest request, List<string> notes, List<string> warnings)
    {
        int count = request.ReferenceImages.Count;
        if (count == 0)
            return [];
        bool strict = request.ConsistencyMode == ConsistencyMode.Strict;
        int needed = count - request.OptionalReferences, others = request.Inputs.Count(i => i.Role is ImageRole.Source or ImageRole.Style);
        int taken = Math.Max(needed, Math.Min(count, Math.Min(model.MaxReferences, (model.MaxInputs ?? int.MaxValue) - others)));
        if (model.MaxReferences > 0 && needed > model.MaxReferences)
            throw Errors.TooManyReferences(provider, model, count, model.MaxReferences);
        if (strict && (model.MaxReferences == 0 || !model.Identity))
            throw Errors.StrictNotKept(provider, model);
        if (model.MaxReferences == 0)
        {
            warnings.Add(Words.Of("this model takes no reference images: they are not used"));
            return [];
        }

        if (model.Emulates.TryGetValue("References", out string? roundabout))
            notes.Add(Words.OfData(roundabout));
        if (!model.Identity)
            warnings.Add(Words.Of("references only inspire this model: a face or product may come out different"));
        else if (request.ConsistencyMode == ConsistencyMode.Loose && model.Weights.Count == 0)
            notes.Add(Words.Of("this model has no setting for loose consistency: the references count as usual"));
        if (taken < count)
            notes.Add(Words.Of($"of the {count} pictures to follow the first {taken} go along: this model takes no more"));
        InputImage[] images = [.. request.ReferenceImages.Take(taken)];
        foreach (InputImage image in images)
            Check(model, ImageRole.Reference, image, Preparation.None);
        return images.Select(i => new PlannedInput(ImageRole.Reference, i));
    }

    private static void Check(ModelRow model, ImageRole role, InputImage image, Preparation preparation)
    {
        if (preparation is Preparation.None or Preparation.WhiteMask)
            CheckOne(model, role, image, image);
        else if (image.Info is { } info && !Workable.Contains(info.Format, StringComparer.Ordinal))
            throw Errors.ImageNotWorkable(image, Workable);
        else if (preparation == Preparation.Canvas && image.Info is { Turned: true })
            throw Errors.ImageTurned(image);
    }

    private static void CheckOne(ModelRow model, ImageRole role, InputImage given, InputImage ready)
    {
        if (ready.Info is not { } info)
            return;
        if (model.InputFormats.Count > 0 && !model.InputFormats.Contains(info.Format, StringComparer.Ordinal))
            throw Errors.ImageUnsupported(given, info.Format, model, model.InputFormats);
        if ((role == ImageRole.Mask ? model.MaxMaskBytes : null) is { } mask && ready.Length > mask)
            throw Errors.MaskTooLarge(given, ready.Length, model, mask);
        if (ready.Length > model.MaxInputBytes)
            throw Errors.ImageTooLarge(given, ready.Length, model, model.MaxInputBytes.Value);
        if (model.Input?.Allows(info.Width, info.Height) == false)
            throw Errors.ImageOfWrongSize(given, SizeOf(ready), model);
    }

    private static void CheckTotal(ModelRow model, long bytes)
    {
        if (bytes > model.MaxTotalBytes)
            throw Errors.ImagesTooLarge(bytes, model, model.MaxTotalBytes.Value);
    }

    private static ImageSize SizeOf(InputImage image) => new(image.Info!.Width, image.Info.Height);
}
