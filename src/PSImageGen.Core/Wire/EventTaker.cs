using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Wire;

/// <summary>Takes the events of an answer that is a stream, in their order, each read whole.</summary>
/// <param name="Take">Takes an event by its type and data, once its pictures are in their files; false ends the reading.</param>
/// <param name="PartsOf">
/// Says, before that, where the pictures of an event go: what opens the file for each by its index in the event. Null for a picture nobody
/// wants, which then touches no disk; null altogether where none is expected.
/// </param>
public sealed record EventTaker(Func<string, VendorAnswer, bool> Take, Func<string, VendorAnswer, Func<int, Stream>?>? PartsOf = null);
