import org.openapitools.client.models.Change
import org.openapitools.client.models.Patch

/** A put and a delete as a Kotlin client writes them: a delete needs no card. */
fun changes(card: Map<String, Any>): Patch =
    Patch(
        changes =
            listOf(
                Change(op = Change.Op.put, uid = "ada", card = card, ifAbsent = true),
                Change(op = Change.Op.delete, uid = "grace"),
            ),
    )
