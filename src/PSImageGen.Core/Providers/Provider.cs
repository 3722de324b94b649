using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
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
    public Catalogue Catalogue => field ??= LoadCatalogue();

    /// <summary>The free questions for models and limits, where the vendor tells them at run time; none where the catalogue's file is all there is.</summary>
    public virtual IReadOnlyList<VendorRequest> Capabilities => [];

    /// <summary>The models the vendor tells of; rows that make no sense are left out.</summary>
    /// <param name="answers">The answers in the order of <see cref="Capabilities"/>, refusals included; null where none came.</param>
    /// <param name="baseUrl">Where they came from.</param>
    /// <exception cref="AIImageException">Without these answers the vendor cannot be used, and why.</exception>
    public virtual IReadOnlyList<ModelRow> ReadCapabilities(IReadOnlyList<VendorAnswer?> answers, Uri baseUrl) => [];

    /// <summary>The free question for what the models' list leaves out of one of them, such as its price; null where it leaves out nothing.</summary>
    public virtual VendorRequest? Details(ModelRow model) => null;

    /// <summary>The model with what the answer adds (a 2xx answer).</summary>
    public virtual ModelRow ReadDetails(ModelRow model, VendorAnswer answer) => model;

    /// <summary>The endpoints known of a vendor whose models are known by their endpoints; none elsewhere.</summary>
    public virtual IReadOnlyList<EndpointInfo> Endpoints => [];

    /// <summary>Its models as the vendor's own documents describe them, where the user has given such; by default they say nothing.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: a document cannot be understood.</exception>
    public virtual IReadOnlyList<OpenApi.SchemaModel> ReadDocuments(OpenApi.ApiDocuments documents) => [];

    /// <summary>Whether a call costs nothing.</summary>
    public virtual bool IsFree(ModelRow model, Uri baseUrl) => Profile.Free;

    /// <summary>Whether the answer to an order of this model is the picture itself.</summary>
    public bool IsSynchronous(ModelRow model) => model?.Synchronous ?? Profile.Synchronous;

    /// <summary>Whether pictures that go in may be given to this model as links, to be fetched by the vendor.</summary>
    public bool TakesLinks(ModelRow model) => model?.Links ?? Profile.TakesLinks;

    /// <summary>Whether there are tasks to come back to, of some model at least.</summary>
    public bool GivesTasks => !Profile.Synchronous || Catalogue.Models.Any(m => m.Synchronous == false);

    /// <summary>The price of a call, per picture and beside the pictures; by default from the catalogue's price rule alone.</summary>
    public virtual Price Price(CallShape shape) => Planning.Price.FromCatalogue(shape);

    /// <summary>The message that orders the pictures. This is the one that costs money.</summary>
    public abstract VendorRequest Submit(ProviderCall call);

    /// <summary>What the vendor answered to the order (a 2xx answer).</summary>
    public abstract SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer);

    /// <summary>What an event says where a stream answers the order: as a rule the same JSON as such an answer. Null when it says nothing of the order.</summary>
    public virtual SubmitAnswer? ReadSubmitEvent(ProviderCall call, string type, VendorAnswer data) => ReadSubmit(call, data);

    /// <summary>Whether an input image must be uploaded before the order; by default it travels inside.</summary>
    public virtual bool NeedsUpload(InputImage image) => false;

    /// <summary>The same where it depends on the model.</summary>
    public virtual bool NeedsUpload(ModelRow model, InputImage image) => NeedsUpload(image);

    /// <summary>The first message of an upload; the file is input 0 of its body.</summary>
    public virtual VendorRequest Upload(InputFile file) => throw Lacking("uploads");

    /// <summary>Where the picture goes, and what it is called there (a 2xx answer); null when the answer does not say.</summary>
    public virtual UploadAnswer? ReadUpload(InputFile file, VendorAnswer answer) => throw Lacking("uploads");

    /// <summary>The stream of a task's states; null where there is none, or none for this task.</summary>
    public virtual VendorRequest? Stream(TaskHandle handle) => null;

    /// <summary>What an event of a stream says: as a rule the same JSON as an answer to <see cref="Status"/>. Null when it says nothing of the state.</summary>
    public virtual StatusAnswer? ReadEvent(TaskHandle handle, string type, VendorAnswer data) => data?.Json is JsonObject ? ReadStatus(handle, data) : null;

    /// <summary>The question how a task stands. Only for vendors that give a handle.</summary>
    public virtual VendorRequest Status(TaskHandle handle) => throw Lacking("task ids");

    /// <summary>What the vendor answered to the question (a 2xx answer).</summary>
    public virtual StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer) => throw Lacking("task ids");

    /// <summary>The question what an ended task brought, where its state does not tell.</summary>
    public virtual VendorRequest Result(TaskHandle handle) => throw Lacking("results of their own");

    /// <summary>What it brought: an answer of any status but those that only mean the question (401, 403, 408, 425, 429).</summary>
    public virtual StatusAnswer ReadResult(TaskHandle handle, VendorAnswer answer) => throw Lacking("results of their own");

    /// <summary>The message that cancels a task; null where that cannot be done.</summary>
    public virtual VendorRequest? Cancel(TaskHandle handle) => null;

    /// <summary>The next message of a cancelling that takes more than one, after any answer to the one before; null when all is said.</summary>
    public virtual VendorRequest? CancelNext(TaskHandle handle, VendorRequest asked, VendorAnswer answer) => null;

    /// <summary>What is needed to ask for a task of which only the id is known; null where the id does not say enough and the vendor's list has to tell.</summary>
    public virtual TaskHandle? HandleOf(string taskId) => new(taskId);

    /// <summary>What is needed to ask for an order by the id made here (<see cref="ProviderCall.ClientId"/>); null where the vendor names its tasks itself.</summary>
    public virtual TaskHandle? HandleOfClientId(string clientId) => null;

    /// <summary>The question for the tasks of late, to find one whose answer was lost; null where the vendor lists none.</summary>
    public virtual VendorRequest? Recent(string model) => null;

    /// <summary>The tasks of late, newest first (a 2xx answer).</summary>
    public virtual IReadOnlyList<FoundTask> ReadRecent(string model, VendorAnswer answer) => [];

    /// <summary>The free questions what the account has left, asked in turn until one is answered; none where the vendor does not tell.</summary>
    public virtual IReadOnlyList<VendorRequest> Balance => [];

    /// <summary>What is left (a 2xx answer to one of them); null when it does not say.</summary>
    public virtual Funds? ReadBalance(VendorAnswer answer) => null;
    /// <summary>A free question that is answered to a right key alone, to test a key by; null where there is none. By default that for the tasks of late, else the last one for what is left.</summary>
    public virtual VendorRequest? KeyCheck => (Catalogue.Models is [var model, ..] ? Recent(model.Id) : null) ?? (Balance is [.., var funds] ? funds : null);

    /// <summary>Whether an answer is a refusal: any status but 2xx, unless the vendor says no inside a 200 as well.</summary>
    public virtual bool IsRefusal(VendorAnswer answer) => answer?.Status is not (>= 200 and < 300);

    /// <summary>What a refusal means. By default the HTTP status decides.</summary>
    public virtual VendorFailure Classify(VendorAnswer answer) => VendorFailure.FromStatus(answer, null, null);

    /// <summary>What the refusal of an order means, where that depends on what was ordered.</summary>
    public virtual VendorFailure ClassifySubmit(ProviderCall call, VendorAnswer answer) => Classify(answer);

    /// <summary>Reads the models; by default from the file beside the translation.</summary>
    private protected virtual Catalogue LoadCatalogue() => Catalogue.Load(Profile.Id);

    private NotSupportedException Lacking(string what) => new($"{Profile.Id} has no {what}.");
}
