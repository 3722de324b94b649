using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>
/// Listens to the stream that answers an order: for the id of the task, for partial pictures, and for the product, which alone is one.
/// </summary>
internal sealed class OrderStream
{
    private readonly RunScope _scope;
    private readonly int _index;
    private readonly Provider _provider;
    private readonly Endpoint _endpoint;
    private readonly ProviderCall _call;

    public OrderStream(RunScope scope, int index, Provider provider, Endpoint endpoint, ProviderCall call)
    {
        _scope = scope;
        _index = index;
        _provider = provider;
        _endpoint = endpoint;
        _call = call;
        Events = new EventTaker(Take, PartsOf);
    }

    /// <summary>What the transport hands the events to.</summary>
    public EventTaker Events { get; }

    /// <summary>What the stream said of the order, with the event that said it; null while it has said nothing.</summary>
    public (SubmitAnswer Said, VendorAnswer Event)? Outcome { get; private set; }

    /// <summary>Writes down the id of the task and returns whether there is more to hear; set by whoever sends the order.</summary>
    public required Func<VendorAnswer, SubmitAnswer.Accepted, bool> OnAccepted { get; init; }

    private bool IsFollowed => _scope.Task(_index).Handle is not null;

    private Func<int, Stream>? PartsOf(string type, VendorAnswer data)
    {
        SubmitAnswer? said = IsFollowed ? null : Guarded.ReadSubmitEvent(_provider, _call, type, data);
        return said switch
        {
            SubmitAnswer.Partial { Picture.Part: { } wanted } when _call.Shape.Request.SavePartials => part => part == wanted ? _scope.OpenPart(_scope.Entry.Folder.PartialPart(_index)) : Stream.Null,
            SubmitAnswer.Finished or SubmitAnswer.Accepted => Answer,
            _ => IsFollowed ? Answer : null,
        };

        Stream Answer(int part) => _scope.OpenPart(_scope.Entry.Folder.EmbeddedPart(_index, part));
    }

    private bool Take(string type, VendorAnswer data)
    {
        if (!IsFollowed)
        {
            switch (Guarded.ReadSubmitEvent(_provider, _call, type, data))
            {
                case SubmitAnswer.Partial partial:
                    Show(partial);
                    return true;
                case SubmitAnswer.Accepted accepted:
                    if (!OnAccepted(data, accepted))
                        return false;
                    break;
                case null or SubmitAnswer.Refused { Failure: { Acceptance: Acceptance.Unknown, Id: ImageErrorId.InvalidResponse } }:
                    // A sign of life, or something nobody understands.
                    return true;
                case var said:
                    // Where nothing is proven the picture may still come, and then the last word counts.
                    Outcome = (said, data);
                    return said is SubmitAnswer.Refused { Failure.Acceptance: Acceptance.Unknown };
            }
        }

        return !FollowStep.TakeEvent(_scope, _index, _provider, _endpoint, type, data);
    }

    private void Show(SubmitAnswer.Partial partial)
    {
        int of = Math.Max(partial.Number, _call.Shape.Partials);
        _scope.Report(_index, word: Words.Of($"partial picture {partial.Number} of {of}"));
        if (!_call.Shape.Request.SavePartials || partial.Picture?.Part is null)
            return;
        try
        {
            if (ImageStore.PlacePartial(_scope.Entry, _index) is { } path)
                _scope.Observer.Verbose($"Saved partial picture {partial.Number} of {of}: {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // It is no product: what is paid for must not suffer by it.
            _scope.Observer.Warn(Words.Of($"Partial picture {partial.Number} of {of} could not be saved: {e.Message}"));
        }
    }
}
