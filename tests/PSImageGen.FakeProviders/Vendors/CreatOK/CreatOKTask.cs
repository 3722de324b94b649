namespace PSImageGen.FakeProviders.Vendors.CreatOK;

/// <summary>A task of a model.</summary>
internal sealed class CreatOKTask(string id, string prompt, int images, double seconds, CreatOKModel model, int width, int height)
    : TimedTask(id, prompt, images, seconds)
{
    public CreatOKModel Model { get; } = model;

    public int Width { get; } = width;

    public int Height { get; } = height;
}
