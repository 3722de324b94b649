using PSImageGen.Core.Planning;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers;

/// <summary>
/// One vendor as a translation: it turns a call into HTTP messages, and the vendor's answers into the Engine's vocabulary.
/// It holds no state, waits for nothing, repeats nothing, touches no file. What a vendor lacks is left out.
/// </summary>
public abstract class Provider
{
    /// <summary>Who it is, where it lives, how it wants its key.</summary>
    public abstract ProviderProfile Profile { get; }

    /// <summary>Its models; the first that can do an operation is the default for it.</summary>
    public Catalogue Catalogue => field ??= Catalogue.Load(Profile.Id);

    /// <summary>The price of a call, per picture and beside the pictures; by default from the catalogue's price rule alone.</summary>
    public virtual Price Price(CallShape shape) => Planning.Price.FromCatalogue(shape);

    /// <summary>The message that orders the pictures. This is the one that costs money.</summary>
    public abstract VendorRequest Submit(ProviderCall call);

    /// <summary>What the vendor answered to the order (a 2xx answer).</summary>
    public abstract SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer);

    /// <summary>The question how a task stands. Only for vendors that give a handle.</summary>
    public virtual VendorRequest Status(TaskHandle handle) => throw new NotSupportedException($"{Profile.Id} gives no task ids.");

    /// <summary>What the vendor answered to the question (a 2xx answer).</summary>
    public virtual StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer) => throw new NotSupportedException($"{Profile.Id} gives no task ids.");

    /// <summary>What a refusal means. By default the HTTP status decides.</summary>
    public virtual VendorFailure Classify(VendorAnswer answer) => VendorFailure.FromStatus(answer, null, null);
}
